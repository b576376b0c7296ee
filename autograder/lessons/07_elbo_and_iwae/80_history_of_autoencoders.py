# %% [markdown]
# ## A short history of autoencoders
#
# Before the variational autoencoder (VAE) there were deep belief nets (DBN, 2006) and SdA (2008), two ways to get a deep network of sigmoid
# units trained at all. One of them stacks energy models, restricted Boltzmann machines, the other one autoencoders of a certain kind. All
# three names say something about what they stand for. Guess, if you have never met them; the story comes after.
#
# **Which pairing is right?** Answer `history_of_autoencoders` with a letter.

# %% imports
from helpers.checking import choice, option

# %% answer
history_of_autoencoders = choice(
    option(
        "DBN: restricted Boltzmann machines in a stack; SdA: denoising autoencoders in a stack; both pre-trained without labels; VAE: a generative model",
        "Correct.",
        right=True,
    ),
    option(
        "DBN: denoising autoencoders in a stack; SdA: restricted Boltzmann machines in a stack; both pre-trained without labels; VAE: a generative model",
        "The building blocks are exchanged: the names tell which is which.",
    ),
    option(
        "DBN: restricted Boltzmann machines in a stack; SdA: denoising autoencoders in a stack; VAE: supervised pre-training, layer by layer",
        "A VAE is trained from end to end on the ELBO, without labels and without pre-training.",
    ),
    option(
        "DBN: restricted Boltzmann machines in a stack; SdA: denoising autoencoders, trained from end to end with labels from the start; VAE: a generative model",
        "The denoising layers are trained first, without labels; labels enter in the fine-tuning.",
    ),
    points=1,
)

# %% hints
HINTS = [
    "What do the letters of SdA stand for?",
    "Two of the three are stacks that were pre-trained because labels were few. So when do the labels appear?",
]
COVERS = ["S3.8a", "S3.8b", "S3.8c", "S3.9", "S2.3"]

# %% [markdown]
# <details><summary><b>After your answer:</b> the story</summary>
#
# Where does the variational autoencoder come from? In 2006 a deep network with sigmoid units could hardly be trained
# from random weights. Hinton, Osindero and Teh found a way around: pre-train it one layer at a time, *without
# labels*, and only then train the whole. Their building block was the restricted Boltzmann machine, an energy model
# of the layer's input, and the stack is a *deep belief net* (DBN). A year later Bengio and others did the same with
# autoencoders, and soon Vincent and others with autoencoders that repair a corrupted input: *stacked denoising
# autoencoders* (SdA).
#
# The procedure had three acts. Layer after layer learns to reconstruct what the layer below says. Then a logistic
# regression is put on top. Then everything is fine-tuned with labels. It worked, and it was expensive. Rectifiers,
# better initial weights and more labels made it unnecessary around 2012, and autoencoders went out of fashion for a
# while. They are still useful for what they always did: features without labels, compression, removing noise,
# noticing what is unusual (it is reconstructed badly).
#
# In 2013 they came back with another aim. Kingma and Welling, and at the same time Rezende, Mohamed and Wierstra,
# made the code a *random* variable with a prior, and the reconstruction error a bound on a likelihood. Now one could
# draw from the prior and *generate* images. That is the VAE, and nothing in it is pre-trained.
#
# </details>
