#include "training/methods/lgc.h"
#include "training/methods/options.h"

namespace telegrad::training {

Table lgc_parameters() {
  return {
      integer("full_rounds", "rounds of the first stage: whole gradients").at_least(0).otherwise(200),
      integer("top_k_rounds",
              "rounds of the second stage: the largest entries; the autoencoder learns from them")
          .at_least(0)
          .otherwise(300),
      choice("leader", {"cyclic", "fixed", "random"}, "who chooses the entries of a round")
          .otherwise("cyclic"),
      choice("top_k_entries", {"leader", "private"},
             "whose entries travel in the second stage: the leader's, as in the third, or everyone's own")
          .otherwise("leader"),
      choice("order", {"sign", "index"},
             "how values enter the autoencoder, tensor by tensor: negative ones first, which costs a bit for "
             "each and "
             "is smooth enough to be learned, or as their indices rise")
          .otherwise("sign"),
      choice("residual", {"clear", "subtract"},
             "what becomes of the memory where the decoders spoke: cleared, or less the update, which keeps "
             "what "
             "the autoencoder missed (cleared where the error is larger than the memory)")
          .otherwise("clear"),
      choice("autoencoder", {"learned", "identity"},
             "identity sends the values as they are, to tell what the autoencoder changes")
          .otherwise("learned"),
      real("autoencoder_learning_rate", "step of its training").above(0).otherwise(0.001),
      choice("autoencoder_optimizer", {"adam", "sgd"}, "what trains it").otherwise("adam"),
      index_parameter(),
      zstd_parameter(),
  };
}

}  // namespace telegrad::training
