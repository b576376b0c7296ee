"""Vectorized kernels: the functions of the lessons, written for speed and for arrays of any size.

A lesson's answer and the kernel of the same name agree in what they take and return. NumPy only; no kernel changes its
arguments, and float32 arrays stay float32.
"""

from helpers.kernels.affine import affine
from helpers.kernels.batchnorm import batchnorm_backward, batchnorm_forward
from helpers.kernels.conv2d import conv2d, conv2d_backward, conv2d_forward, conv2d_loops
from helpers.kernels.conv_shapes import conv_output_size, receptive_field, same_padding
from helpers.kernels.gradient_check import check_gradient, numerical_gradient
from helpers.kernels.im2col import col2im, im2col
from helpers.kernels.initialization import init_std
from helpers.kernels.sigmoid import deep_sigmoid_gradient, log_sigmoid, sigmoid, sigmoid_gradient
from helpers.kernels.softmax import cross_entropy_from_logits, logsumexp, softmax, softmax_vjp

__all__ = [
    "affine",
    "batchnorm_backward",
    "batchnorm_forward",
    "check_gradient",
    "col2im",
    "conv2d",
    "conv2d_backward",
    "conv2d_forward",
    "conv2d_loops",
    "conv_output_size",
    "cross_entropy_from_logits",
    "deep_sigmoid_gradient",
    "im2col",
    "init_std",
    "log_sigmoid",
    "logsumexp",
    "numerical_gradient",
    "receptive_field",
    "same_padding",
    "sigmoid",
    "sigmoid_gradient",
    "softmax",
    "softmax_vjp",
]
