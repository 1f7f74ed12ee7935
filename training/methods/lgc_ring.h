#pragma once

#include "training/methods/lgc.h"

namespace telegrad::training {

/// LGC for a ring all-reduce. In the rounds of the code the leader shares its entries I and their scale s; then
///   z = mean_k E(s v_k[I]), reduced as a vector; at every node update = D(z) / s on I.
/// Tensors that are sent whole, and entries that do not pass the autoencoder, lie in that vector too.
class LgcRing final : public Lgc {
 public:
  LgcRing(const Value& resolved, const NodeContext& context);

  std::vector<Shape> shapes() const override { return {Shape::linear, Shape::local}; }
  Task<Update> average(at::Tensor gradient, Step step, Exchange& exchange) override;
  Task<> serve(Step step, Hub& hub) override;
  MessageSizes sizes() const override;

 private:
  class Gathering;
  /// The vector of a round: numbers of these coordinates, then a code of what these others hold.
  struct Vector {
    Places numbers;
    Places coded;
    float scale = 1;
    std::uint32_t size = 0;
  };

  Payload lead(std::uint32_t rank, const Step& step, Cut cut) const;
  Vector vector_of(const Payload& shared) const;
  Payload send_vector(std::uint32_t rank, const Vector& vector, Cut cut);
  Applied applied_vector(std::uint32_t rank, const Reduced& reduced, const Vector& vector) const;
  Update finish(std::uint32_t rank, const Reduced& reduced, const Vector& vector);
  Payload gather(std::span<const Part> parts, bool trains, Cut cut);
  Payload weights(Cut cut) const;
  void receive(std::uint32_t rank, const Payload& shipped);
  Task<Update> average_entries(Step step, Exchange& exchange);
  Task<Update> average_vector(Step step, Exchange& exchange);

  Vector whole_model_;
  SharedResults<Payload> gathered_;
  SharedResults<Applied> results_;
  Examples examples_;  // of the latest round, at the node that trains
};

}  // namespace telegrad::training
