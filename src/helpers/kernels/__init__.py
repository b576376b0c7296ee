"""Vectorized kernels: the functions of the lessons, written for speed and for arrays of any size.

A lesson's answer and the kernel of the same name agree in what they take and return. NumPy only; float32 arrays stay
float32, and no kernel changes its arguments but those whose name ends in an underscore.
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
from helpers.kernels.adding_problem import adding_problem
from helpers.kernels.adversarial import fgsm
from helpers.kernels.affine import affine, affine_backward, affine_forward
from helpers.kernels.attention import attention
from helpers.kernels.augmentation import random_crop
from helpers.kernels.autoencoders import contractive_penalty, linear_autoencoder
from helpers.kernels.avg_pooling import avg_pool2d_backward, avg_pool2d_forward, avg_pool2d_loops
from helpers.kernels.batchnorm import batchnorm_backward, batchnorm_forward, batchnorm_plain
from helpers.kernels.bidirectional import bidirectional_rnn
from helpers.kernels.bures import gaussian_w2
from helpers.kernels.clipping import clip_by_global_norm
from helpers.kernels.collapse import active_units, beta_posterior, free_bits
from helpers.kernels.conv1d import conv1d, conv1d_loops, conv_matrix
from helpers.kernels.conv2d import conv2d, conv2d_backward, conv2d_forward, conv2d_loops
from helpers.kernels.conv_shapes import conv_output_size, receptive_field, same_padding
from helpers.kernels.cross_entropy_loss import cross_entropy_from_labels, cross_entropy_from_logits, cross_entropy_plain
from helpers.kernels.datasets import eight_gaussians, mode_counts, ravine, ring_of_gaussians, spirals, two_gaussians
from helpers.kernels.denoising import optimal_denoiser
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
from helpers.kernels.early_stopping import gradient_descent_after, matching_alpha
from helpers.kernels.elbo import elbo, gaussian_elbo, inference_gaps
from helpers.kernels.exact_transport import monotone_plan, north_west_corner, optimal_transport, transport_cost
from helpers.kernels.games import dirac_gan, xy_game
from helpers.kernels.gan_losses import (
    discriminator_loss,
    generator_logit_gradient,
    mle_generator_loss,
    softmax_generator_gradient,
)
from helpers.kernels.gan_optimum import game_value, optimal_discriminator, optimal_discriminator_scores
from helpers.kernels.gaussian_projections import mean_field_gaussian, moment_match
from helpers.kernels.gaussians import js_with_noise, kl_diagonal_gaussians, kl_gaussians
from helpers.kernels.gradient_check import check_gradient, complex_step_gradient, numerical_gradient
from helpers.kernels.gradient_estimators import gradient_estimators, reparameterized_gradient, score_function_gradient
from helpers.kernels.gradient_penalty import gradient_penalty
from helpers.kernels.gru import gru_backward, gru_forward, gru_loop
from helpers.kernels.im2col import col2im, im2col
from helpers.kernels.initialization import init_std
from helpers.kernels.iwae import (
    effective_sample_size,
    expected_iwae_bound,
    iwae_bound,
    iwae_bound_and_weights,
    iwae_bound_streaming,
)
from helpers.kernels.iwae_costs import iwae_bias, iwae_gradients
from helpers.kernels.kantorovich import kantorovich_dual_bound, optimal_critic
from helpers.kernels.lasso import elastic_net_path, lasso, lasso_plain
from helpers.kernels.lipschitz import lipschitz_bound_from_clipping, spectral_norm
from helpers.kernels.losses import bernoulli_loss_from_logits, mean_squared_error
from helpers.kernels.lstm import lstm_backward, lstm_forward
from helpers.kernels.lstm_step import cec_gradient, lstm_loop, lstm_step
from helpers.kernels.max_pooling import max_pool2d_backward, max_pool2d_forward, max_pool2d_loops
from helpers.kernels.mlp import mlp_backward, mlp_double_backward, mlp_forward, mlp_weights
from helpers.kernels.optimizers import (
    adagrad_step,
    adam_step,
    adam_step_plain,
    adaptive_step,
    momentum_step,
    rmsprop_step,
    sgd_step,
)
from helpers.kernels.optimizers_in_place import (
    adagrad_step_,
    adam_step_,
    adamw_step_,
    momentum_step_,
    rmsprop_step_,
    sgd_step_,
)
from helpers.kernels.penalized_critic import critic_forward, critic_slope, penalized_critic_gradients
from helpers.kernels.pixelcnn import pixelcnn_mask
from helpers.kernels.rectifiers import elu, elu_gradient, leaky_relu, leaky_relu_gradient, relu, relu_gradient
from helpers.kernels.regularization import lasso_lambda_max, map_lambda, penalized_gradient, soft_threshold
from helpers.kernels.ridge import ridge, ridge_path
from helpers.kernels.shifted_uniforms import shifted_uniform_divergences
from helpers.kernels.sigmoid import deep_sigmoid_gradient, log_sigmoid, sigmoid, sigmoid_gradient
from helpers.kernels.sigmoid_rnn import bptt, output_sensitivity, penalized_bptt, rnn_forward
from helpers.kernels.sinkhorn import sinkhorn, sinkhorn_stabilized
from helpers.kernels.sinkhorn_divergence import sinkhorn_divergence
from helpers.kernels.softmax import log_softmax, log_softmax_vjp, logsumexp, softmax, softmax_plain, softmax_vjp
from helpers.kernels.tanh_rnn import tanh_rnn_backward, tanh_rnn_forward, tanh_rnn_loop
from helpers.kernels.vae import vae_backward, vae_forward, vae_log_weights
from helpers.kernels.vae_networks import vae_decode, vae_encode, vae_weights
from helpers.kernels.wasserstein import empirical_w1, empirical_w1_gradient, histogram_w1, wasserstein_1d
from helpers.kernels.weight_decay import adamw_step, decayed_step
from helpers.kernels.winograd import winograd_backward, winograd_forward

__all__ = sorted(name for name, value in globals().items() if callable(value))


def __dir__():
    return __all__
