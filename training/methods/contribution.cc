#include "training/methods/contribution.h"

#include "training/methods/method.h"
#include "training/span.h"

namespace telegrad::training {

Task<Payload> encoded(Compressor& encoder, at::Tensor gradient, Step step, Cut cut, Exchange& exchange) {
  const Cost encoding{.flops = 0, .bytes = encoder.traffic()};
  std::function<Payload()> encode = [&encoder, gradient = std::move(gradient), step, cut] {
    return encoder.encode(span_of(gradient), step, cut);
  };
  co_return co_await exchange.work<Payload>(Phase::encode, encoding, std::move(encode));
}

Task<> contribute(Compressor& encoder, at::Tensor gradient, Step step, Exchange& exchange) {
  if (encoder.reads_link()) step.link = exchange.link();
  const Cut cut = exchange.cut(Shape::local);
  auto payload = co_await encoded(encoder, std::move(gradient), step, cut, exchange);
  AtHub fold;
  auto reduced = co_await exchange.reduce(std::move(payload), fold);
  co_await take_back(encoder, std::move(reduced), exchange);
}

Task<> take_back(Compressor& encoder, Reduced reduced, Exchange& exchange) {
  const Cost restoring{.flops = 0, .bytes = 2 * static_cast<double>(reduced.returned.bytes())};
  std::function<bool()> restore = [&encoder, reduced] {
    encoder.restore(reduced.returned);
    return true;
  };
  co_await exchange.work<bool>(Phase::decode, restoring, std::move(restore));
}

}  // namespace telegrad::training
