"""Vectorized kernels: the functions of the lessons, written for speed and for arrays of any size.

A lesson's answer and the kernel of the same name agree in what they take and return. NumPy only; no kernel changes its
arguments, and float32 arrays stay float32.
"""

from helpers.kernels.activations import (
    gelu,
    gelu_gradient,
    silu,
    silu_gradient,
    softplus,
    softplus_gradient,
    tanh_gradient,
)
from helpers.kernels.affine import affine, affine_backward, affine_forward
from helpers.kernels.batchnorm import batchnorm_backward, batchnorm_forward, batchnorm_plain
from helpers.kernels.conv2d import conv2d, conv2d_backward, conv2d_forward, conv2d_loops
from helpers.kernels.conv_shapes import conv_output_size, receptive_field, same_padding
from helpers.kernels.cross_entropy_loss import cross_entropy_from_labels, cross_entropy_from_logits, cross_entropy_plain
from helpers.kernels.discrete_latents import gumbel_softmax, reinforce
from helpers.kernels.divergences import (
    cross_entropy,
    entropy,
    information_quantities,
    js_divergence,
    kl_divergence,
    kl_divergence_plain,
)
from helpers.kernels.dropout import dropout_backward, dropout_forward
from helpers.kernels.elbo import elbo, gaussian_elbo
from helpers.kernels.exact_transport import monotone_plan, north_west_corner, optimal_transport, transport_cost
from helpers.kernels.gaussians import js_with_noise, kl_diagonal_gaussians, kl_gaussians
from helpers.kernels.gradient_check import check_gradient, complex_step_gradient, numerical_gradient
from helpers.kernels.gradient_estimators import gradient_estimators, reparameterized_gradient, score_function_gradient
from helpers.kernels.im2col import col2im, im2col
from helpers.kernels.initialization import init_std
from helpers.kernels.iwae import (
    effective_sample_size,
    expected_iwae_bound,
    iwae_bound,
    iwae_bound_and_weights,
    iwae_bound_streaming,
)
from helpers.kernels.losses import bernoulli_loss_from_logits, mean_squared_error
from helpers.kernels.rectifiers import elu, elu_gradient, leaky_relu, leaky_relu_gradient, relu, relu_gradient
from helpers.kernels.sigmoid import deep_sigmoid_gradient, log_sigmoid, sigmoid, sigmoid_gradient
from helpers.kernels.sinkhorn import sinkhorn, sinkhorn_stabilized
from helpers.kernels.softmax import log_softmax, log_softmax_vjp, logsumexp, softmax, softmax_plain, softmax_vjp
from helpers.kernels.wasserstein import empirical_w1, empirical_w1_gradient, histogram_w1, wasserstein_1d

__all__ = [
    "affine",
    "affine_backward",
    "affine_forward",
    "batchnorm_backward",
    "batchnorm_forward",
    "batchnorm_plain",
    "bernoulli_loss_from_logits",
    "check_gradient",
    "col2im",
    "complex_step_gradient",
    "conv2d",
    "conv2d_backward",
    "conv2d_forward",
    "conv2d_loops",
    "conv_output_size",
    "cross_entropy",
    "cross_entropy_from_labels",
    "cross_entropy_from_logits",
    "cross_entropy_plain",
    "deep_sigmoid_gradient",
    "dropout_backward",
    "dropout_forward",
    "effective_sample_size",
    "elbo",
    "elu",
    "elu_gradient",
    "empirical_w1",
    "empirical_w1_gradient",
    "entropy",
    "expected_iwae_bound",
    "gaussian_elbo",
    "gelu",
    "gelu_gradient",
    "gradient_estimators",
    "gumbel_softmax",
    "histogram_w1",
    "im2col",
    "information_quantities",
    "init_std",
    "iwae_bound",
    "iwae_bound_and_weights",
    "iwae_bound_streaming",
    "js_divergence",
    "js_with_noise",
    "kl_diagonal_gaussians",
    "kl_divergence",
    "kl_divergence_plain",
    "kl_gaussians",
    "leaky_relu",
    "leaky_relu_gradient",
    "log_sigmoid",
    "log_softmax",
    "log_softmax_vjp",
    "logsumexp",
    "mean_squared_error",
    "monotone_plan",
    "north_west_corner",
    "numerical_gradient",
    "optimal_transport",
    "receptive_field",
    "reinforce",
    "relu",
    "relu_gradient",
    "reparameterized_gradient",
    "same_padding",
    "score_function_gradient",
    "sigmoid",
    "sigmoid_gradient",
    "silu",
    "silu_gradient",
    "sinkhorn",
    "sinkhorn_stabilized",
    "softmax",
    "softmax_plain",
    "softmax_vjp",
    "softplus",
    "softplus_gradient",
    "tanh_gradient",
    "transport_cost",
    "wasserstein_1d",
]
