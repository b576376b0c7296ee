"""What one may want to do with the kernels, and which do it: the table that opens their page."""

TASKS = (
    ("check a gradient", "check_gradient numerical_gradient complex_step_gradient"),
    ("turn logits into probabilities", "softmax log_softmax logsumexp sigmoid log_sigmoid"),
    ("go back through a softmax or a sigmoid", "softmax_vjp log_softmax_vjp sigmoid_gradient deep_sigmoid_gradient"),
    ("apply another activation", "relu leaky_relu elu softplus silu gelu"),
    (
        "take an activation's slope",
        "relu_gradient leaky_relu_gradient elu_gradient softplus_gradient silu_gradient gelu_gradient tanh_gradient",
    ),
    (
        "measure a classifier's or a regression's loss",
        "cross_entropy_from_labels cross_entropy_from_logits bernoulli_loss_from_logits mean_squared_error",
    ),
    (
        "run a dense layer, or a stack of them",
        "affine affine_forward affine_backward mlp_weights mlp_forward mlp_backward",
    ),
    ("start with weights of the right size", "init_std mlp_weights vae_weights"),
    ("normalize a batch, or drop units", "batchnorm_forward batchnorm_backward dropout_forward dropout_backward"),
    ("take an optimizer's step", "sgd_step momentum_step adagrad_step rmsprop_step adaptive_step adam_step"),
    (
        "take it in place, on large arrays",
        "sgd_step_ momentum_step_ adagrad_step_ rmsprop_step_ adam_step_ adamw_step_",
    ),
    ("decay weights, or clip gradients", "adamw_step decayed_step penalized_gradient clip_by_global_norm"),
    (
        "fit a linear model with a penalty",
        "ridge ridge_path lasso elastic_net_path lasso_lambda_max soft_threshold map_lambda",
    ),
    ("compare early stopping with a penalty", "gradient_descent_after matching_alpha"),
    ("know a convolution's shapes", "conv_output_size same_padding receptive_field"),
    (
        "convolve images",
        "conv2d conv2d_forward conv2d_backward winograd_forward winograd_backward im2col col2im pixelcnn_mask",
    ),
    ("convolve a signal", "conv1d conv_matrix"),
    (
        "pool, or crop",
        "max_pool2d_forward max_pool2d_backward avg_pool2d_forward avg_pool2d_backward random_crop",
    ),
    (
        "run a recurrent layer both ways",
        "tanh_rnn_forward tanh_rnn_backward gru_forward gru_backward lstm_forward lstm_backward",
    ),
    (
        "follow one sequence step by step",
        "rnn_forward bptt penalized_bptt output_sensitivity lstm_step cec_gradient bidirectional_rnn",
    ),
    ("attend to the steps of a sequence", "attention"),
    (
        "measure how far two distributions are apart",
        "kl_divergence js_divergence cross_entropy entropy information_quantities",
    ),
    ("the same for Gaussians", "kl_gaussians kl_diagonal_gaussians js_with_noise gaussian_w2"),
    ("fit a Gaussian, forwards or backwards", "moment_match mean_field_gaussian"),
    ("compress or clean data", "linear_autoencoder contractive_penalty optimal_denoiser"),
    (
        "bound a log-likelihood",
        "elbo gaussian_elbo inference_gaps iwae_bound iwae_bound_and_weights iwae_bound_streaming",
    ),
    ("know what a bound costs", "iwae_bias iwae_gradients expected_iwae_bound effective_sample_size"),
    (
        "differentiate an expectation",
        "gradient_estimators reparameterized_gradient score_function_gradient gumbel_softmax reinforce",
    ),
    (
        "train a variational autoencoder",
        "vae_weights vae_forward vae_backward vae_log_weights vae_encode vae_decode",
    ),
    ("see a posterior collapse", "beta_posterior free_bits active_units"),
    ("know the best discriminator", "optimal_discriminator optimal_discriminator_scores game_value"),
    (
        "price samples for a generator",
        "discriminator_loss generator_logit_gradient mle_generator_loss softmax_generator_gradient",
    ),
    ("watch two players", "xy_game dirac_gan"),
    ("fool a classifier", "fgsm"),
    (
        "move mass on the line",
        "wasserstein_1d empirical_w1 empirical_w1_gradient histogram_w1 monotone_plan north_west_corner",
    ),
    ("move mass anywhere", "optimal_transport transport_cost sinkhorn sinkhorn_stabilized sinkhorn_divergence"),
    ("prove a plan optimal", "kantorovich_dual_bound optimal_critic"),
    (
        "keep a critic on a leash",
        "gradient_penalty critic_forward critic_slope penalized_critic_gradients mlp_double_backward spectral_norm "
        "lipschitz_bound_from_clipping",
    ),
    (
        "make data to try things on",
        "spirals two_gaussians ring_of_gaussians eight_gaussians mode_counts ravine adding_problem "
        "shifted_uniform_divergences",
    ),
)


def task_table():
    """Return the table as Markdown lines."""
    rows = [f"| {task} | {', '.join(f'`{name}`' for name in names.split())} |" for task, names in TASKS]
    return ["| I want to ... | kernels |", "|---|---|", *rows]
