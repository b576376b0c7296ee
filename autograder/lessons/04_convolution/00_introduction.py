# %% [markdown]
# # Convolution
#
# Hold a card with a small hole over a photograph and slide it along. At each place you see a few pixels, and you ask
# the same question: *is there an edge here?* A convolution layer is that card. It asks one question everywhere, with one
# set of weights, and writes the answers down as a new image.
#
# Without it, a network that has learned to see a stroke in the upper left corner knows nothing of the same stroke in
# the lower right. It must learn every pattern once for each place, and pays for it in weights: from 32 x 32 pixels to
# as many, a fully connected layer has a million of them, a 3 x 3 convolution nine.
#
# After this lesson you will be able to
#
# - predict the size of any output, and say which pixels a stride leaves unread;
# - tell a convolution from a correlation, and know when an example cannot;
# - turn a convolution into one matrix product, and its backward pass into the adjoint of that;
# - find a wrong variable in a piece of code that runs, and say which tests never see it;
# - write a convolution layer, forward and backward, and train a network on real handwritten digits with it;
# - say how far a deep unit sees, and keep it from seeing the future.
#
# **The map.** *The window:* sizes, padding, convolution on a line. *The matrix:* im2col, its adjoint, the layer, the
# Toeplitz matrix. <br>
# *The view:* receptive fields, masks, what is parallel and what it costs. *The real thing:* handwritten digits.
#
# ## The picture: a window that slides
#
# **Above**, from left to right: the image with its border of padding (hatched), and the window as an outlined box; the
# output, with the number that this window gives; the im2col matrix, one row for each window, the current one marked.
# Pixels that no window reads are crossed out. **Below**: how often each pixel is read, worked out by sending a one back
# from every window; the same by a piece of code from a widespread memo; and the kernel as it lies on the window.
#
# Move one thing at a time, and guess before you look.
#
# 1. **Window.** It runs along the rows, as one reads. Watch which row of the matrix is marked, and which pixels it holds.
#    (Behind the last window the slider begins again.)
# 2. **Stride.** With stride 2 the last row is crossed out. No error, no warning: it is never read. With stride 1 it is.
# 3. **Convolution** instead of correlation. The kernel turns by half a turn, and the numbers change. Now choose the
#    symmetric kernel.
# 4. **Assign** instead of add. The counts become ones: every window overwrites what the others have sent.
# 5. **The memo.** At the start it raises. Make width and height equal, and it is right. Make the height equal to the
#    kernel's, so that there is one row of windows only: it runs, and is wrong without a word.
#
# The figure starts with our functions. When you have answered `im2col` and `col2im`, run its cell again: it then shows
# yours.

# %% experiment
from helpers.figures import sliding_window

sliding_window(im2col=grader.yours("im2col"), col2im=grader.yours("col2im"))
