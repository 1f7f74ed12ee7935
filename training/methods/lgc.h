#pragma once

#include <memory>
#include <string>
#include <vector>

#include "training/methods/autoencoder_training.h"
#include "training/methods/lgc_wire.h"
#include "training/methods/method.h"
#include "training/methods/pending.h"
#include "training/methods/shared_results.h"

namespace telegrad::training {

/// What both instances of Learned Gradient Compression have in common (Abrahamyan, Chen, Bekoulis, Deligiannis 2021):
/// rounds of whole gradients; rounds of largest entries, on whose values an autoencoder is trained; then rounds in
/// which one worker in turn chooses the entries of all, and their values travel as the autoencoder's code. What was
/// not sent stays in a worker's memory: v = v + g, less what was sent.
class Lgc : public Collective {
 public:
  std::span<const float> residual(std::uint32_t rank) const override { return workers_.at(rank).memory; }

  std::vector<std::string> remarks() const override;

  const LgcLayers& layers() const { return layers_; }
  const Autoencoder& autoencoder() const { return autoencoder_; }
  /// Mean squared errors of one round of the training, before its step: of the decoders, and of sending zeros.
  struct Progress {
    double reconstruction = 0;
    double zeros = 0;
  };
  const std::vector<Progress>& progress() const { return progress_; }

  enum class Stage { full, top_k, compressed };
  Stage stage(const Step& step) const;

 protected:
  /// What the autoencoder learns: each worker's values from the leader's code, or the mean from the mean code.
  enum class Goal { each, mean };
  using Places = std::shared_ptr<const Coordinates>;
  using Section = LgcWire::Section;

  /// What a round came to, the same at all workers.
  struct Applied {
    at::Tensor update;  // [d]
    Places decoded;     // the coordinates that came from a decoder
  };
  /// What a payload stands for whose verdict may still come.
  struct Sent {
    Places decoded;          // entries there went through a decoder and never come back
    Places numbers;          // the coordinates of its section of values, or of a vector of so many numbers
    std::uint32_t wire = 0;  // the size of that vector; 0 for sections
  };
  struct Worker {
    std::vector<float> memory;    // v
    at::Tensor encoder, decoder;  // once they were shipped
    Pending<Sent> sent{2};        // two payloads a round
  };

  Lgc(const Value& resolved, const NodeContext& context, Goal goal);

  /// Whether the autoencoder's weights travel before this round.
  bool ships(const Step& step) const;
  Rank leader(const Step& step) const;
  /// Whether all send the leader's entries, before there is a code.
  bool shares_entries(const Step& step) const;
  NodeContext context_of(std::uint32_t rank) const;
  double coordinates() const { return static_cast<double>(layers_.size); }

  // A worker's side.
  void accumulate(std::uint32_t rank, const at::Tensor& gradient, const Step& step);
  /// The largest entries of a worker's memory, in the order in which they are coded.
  Coordinates choose(std::uint32_t rank, LgcLayers::Choice choice, const Step& step) const;
  /// What others must know to have the same coordinates in the same order.
  void pack_choice(std::uint32_t rank, const Coordinates& chosen, Cut cut, std::vector<Payload>& into) const;
  /// Nothing unless all that were chosen arrived.
  Coordinates read_choice(const Payload& payload, std::size_t expected) const;
  Coordinates in_order(std::span<const std::uint32_t> places, std::span<const float> values) const;
  /// The model's section, which leaves the memory.
  std::vector<Payload> send_model(std::uint32_t rank, bool all, const Coordinates& places, Cut cut);
  /// A message of the first two stages. shared: the leader's entries.
  Payload send(std::uint32_t rank, const Step& step, const Places& shared, Cut cut);
  /// What was not applied returns to the memory, except what went through a decoder.
  void put_back(Worker& worker, const Payload& returned) const;
  /// At what the decoders made: the memory is cleared, or what was applied is subtracted. own: what this worker
  /// sent of it itself.
  void replace(Worker& worker, const Payload& own, const Applied& applied) const;
  /// From sections. shared: the coordinates of the section of values.
  std::shared_ptr<const Applied> apply(const Reduced& reduced, const Places& shared);
  std::uint64_t identity_of(const Reduced& reduced, const Places& shared) const;

  // A folding node's side.
  /// The sum of what the sections say of the model, without entries at `decoded`, and of the values.
  std::vector<Payload> add_up(std::span<const Part> parts, bool all, const Coordinates& decoded,
                              Cut cut) const;
  using Examples = std::vector<AutoencoderTraining::Example>;
  /// The values of workers that sent all of them; not normalised.
  Examples examples(std::span<const Part> parts) const;
  void learn(Examples examples, const Step& step);
  double learning_flops() const;

  std::uint32_t code_size() const { return learned_ ? autoencoder_.latents() : layers_.coded; }
  std::vector<float> encode(const at::Tensor& weights, std::span<const float> values) const;
  std::vector<float> decode(const at::Tensor& weights, std::span<const float> code,
                            std::span<const float> innovation) const;
  /// Which of `chosen` a decoder can tell, when only these positions of the code arrived.
  std::vector<bool> told(const std::vector<bool>& arrived) const;

  NodeContext context_;
  LgcLayers layers_;
  bool learned_;  // the autoencoder; otherwise values travel as they are
  Goal goal_;
  Autoencoder autoencoder_;
  LgcWire wire_;
  std::vector<Worker> workers_;
  std::unique_ptr<AutoencoderTraining> training_;

 private:
  enum class Leading { cyclic, fixed, random };

  std::uint64_t full_rounds_;
  std::uint64_t top_k_rounds_;
  bool leader_entries_;
  bool by_sign_;
  Leading leading_;
  bool subtract_;
  std::vector<Progress> progress_;
  SharedResults<Applied> applied_;
};

/// 1 / root mean square; 1 for zeros.
float normalising(std::span<const float> values);
bool has(const Coordinates& places, std::uint32_t place);

/// The settings of both instances.
Table lgc_parameters();

}  // namespace telegrad::training
