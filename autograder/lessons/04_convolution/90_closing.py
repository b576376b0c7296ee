# %% [markdown]
# ## What to remember
#
# - **Count the places where a window may start.** $\lfloor (n + 2p - d(k - 1) - 1)/s \rfloor + 1$: round down, pad twice, $k$ taps
#   have $k - 1$ gaps, and one post more than gaps.
# - **Convolution turns the kernel around, deep learning does not.** A symmetric example cannot tell; try $(1, 0, -1)$.
# - **im2col copies, so its adjoint adds.** $\langle \mathrm{im2col}(x), r \rangle = \langle x, \mathrm{col2im}(r) \rangle$ is the definition and the
#   test. Assigning re-assembles an image; it is not the gradient.
# - **Test with shapes that are not square.** One wrong letter stays unseen as long as everyone tries squares.
# - **A convolution layer is an affine layer between im2col and col2im.** Local connections, shared weights, and sums over all
#   images and places in the backward pass.
# - **The view grows by $d(k - 1)$ jumps a layer;** a stride widens the layers above, not its own. What weighs is less.
# - **Masked convolutions see the past only:** all conditionals of a given image in one pass, sampling pixel by pixel.
# - **im2col costs about $k_h k_w / s^2$ times the memory,** and is worth it.
#
# ## Where to read on
#
# - Yann LeCun, Léon Bottou, Yoshua Bengio and Patrick Haffner, *Gradient-Based Learning Applied to Document Recognition*,
#   Proceedings of the IEEE 86, 1998. The convolutional network, and handwritten digits.
# - Vincent Dumoulin and Francesco Visin, *A guide to convolution arithmetic for deep learning*, 2016. All the knobs, drawn.
# - Aäron van den Oord, Nal Kalchbrenner and Koray Kavukcuoglu, *Pixel Recurrent Neural Networks*, ICML 2016. Masks of kind A
#   and B, and what is parallel about them.
