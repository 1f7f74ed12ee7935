#include "training/tables.h"

namespace telegrad::training {

Table training_parameters() {
  return {
      typed("dataset", "datasets", "what the workers learn from"),
      typed("partition", "partitions", "which worker holds which samples")
          .otherwise_json(R"({"type": "iid"})"),
      typed("model", "models", "what they train"),
      typed("optimizer", "optimizers", "how an averaged update changes the model"),
      integer("batch_size_per_worker", "samples in a worker's batch").in(1, 1e6).otherwise(32),
      choice("precision", {"fp32", "bf16"},
             "what matrix products and convolutions are computed in; bf16 by autocast, the gradient and all "
             "that is "
             "sent stay float32")
          .otherwise("fp32"),
      choice("weighting", {"uniform", "samples"},
             "workers count alike, or by their number of samples (a gradient is multiplied by N n_i / sum n)")
          .otherwise("uniform"),
      object(
          "average",
          {choice("weights", {"squares", "equal"}, "of the parameters after round t: (t - 1 + shift)^2, or 1")
               .otherwise("squares"),
           real("shift", "a of the squares, as in the schedule mem_sgd").above(0).otherwise(1.0)},
          "evaluate the weighted mean of all parameters so far instead of the last ones (Stich, Cordonnier, "
          "Jaggi 2018); training goes on from the last ones")
          .optional(),
      choice(
          "statistics", {"local", "averaged"},
          "running means and variances of batch normalisation: each worker keeps its own and worker 0's are "
          "evaluated, or all take the plain mean of all after every round, sent as float32")
          .otherwise("local"),
      typed("server_optimizer", "optimizers",
            "how the mean of how far workers came alone is applied (program local_sgd; FedOpt, Reddi et al. "
            "2021)")
          .otherwise_json(R"({"type": "sgd", "learning_rate": 1})"),
      real("proximal",
           "mu of FedProx: each step of a worker that steps alone is pulled towards the model that its round "
           "began with "
           "(Li et al. 2020)")
          .at_least(0)
          .otherwise(0.0),
      text("initial_weights",
           "file to start from: torch.save(model.state_dict(), FILE) of Python, or the parameters alone as "
           ".npy or "
           "raw float32; drawn by seed without")
          .optional(),
  };
}

Table compression_parameters() {
  return {
      typed("uplink", "methods", "how workers compress their gradients")
          .otherwise_json(R"({"type": "dense"})"),
      typed(
          "downlink", "downlinks",
          "how the sum returns; without it as the method asks: dense, union_sparse, majority or recompressed")
          .optional(),
      choice("learning_rate", {"after_feedback", "before_feedback"},
             "where the learning rate multiplies: the decoded update, as is usual for deep networks, or the "
             "gradient "
             "before it is compressed, so that what a residual keeps has the step size of its own round")
          .otherwise("after_feedback"),
  };
}

}  // namespace telegrad::training
