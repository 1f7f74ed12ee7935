#include "sim/results/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "sim/core/format.h"
#include "sim/results/words.h"

namespace telegrad::results {
namespace {

constexpr auto kTerminalPeriod = std::chrono::milliseconds(100);
constexpr auto kPlainPeriod = std::chrono::seconds(10);
constexpr auto kSamplePeriod = std::chrono::milliseconds(500);
constexpr std::size_t kSamples = 60;

std::string time_left(double s) {
  return s < 120 ? formatted("%.0f s", std::max(1.0, s)) : seconds_in_words(s);
}

/// Cut to so many columns, never within a character.
std::string cut(std::string text, int columns) {
  int used = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool begins = (static_cast<unsigned char>(text[i]) & 0xc0) != 0x80;
    if (begins && ++used > columns) return text.substr(0, i);
  }
  return text;
}

}  // namespace

Display Display::standard_error() {
  const char* terminal = std::getenv("TERM");
  bool capable = isatty(STDERR_FILENO) && terminal != nullptr && std::strcmp(terminal, "dumb") != 0;
  winsize size{};
  bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return {capable ? Kind::terminal : Kind::plain, known ? size.ws_col : 80, &std::cerr,
          [] { return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()); }};
}

Progress::Progress(const Horizon& horizon, Display display)
    : horizon_(horizon), display_(std::move(display)) {
  if (display_.kind == Display::Kind::none) return;
  shown_ = display_.clock();
  samples_.push_back({shown_, 0, SimTime{}});
}

void Progress::message(const MessageRecord& record) {
  sent_bytes_ += record.bytes;
  if (record.delivered != kNever) simulated_ = std::max(simulated_, record.delivered);
  show();
}

void Progress::round(const RoundRecord& record) {
  round_ = record.round;
  simulated_ = std::max(simulated_, record.end);
  loss_ = record.train_loss;
  if (record.on_air) on_air_bytes_ = on_air_bytes_.value_or(0) + record.on_air->up + record.on_air->down;
  show();
}

void Progress::evaluated(std::uint64_t, const Evaluation& evaluation) {
  auto accuracy = evaluation.validation_accuracy ? evaluation.validation_accuracy : evaluation.test_accuracy;
  if (accuracy) accuracy_ = accuracy;
}

void Progress::show() {
  if (display_.kind == Display::Kind::none) return;
  HostTime now = display_.clock();
  sample(now);
  bool terminal = display_.kind == Display::Kind::terminal;
  if (now - shown_ < (terminal ? HostTime(kTerminalPeriod) : HostTime(kPlainPeriod))) return;
  shown_ = now;
  if (terminal) {
    *display_.out << "\r\x1b[K" << cut(line(), display_.columns - 1) << std::flush;
    visible_ = true;
  } else {
    *display_.out << line() << std::endl;
  }
}

void Progress::clear() {
  if (!visible_) return;
  *display_.out << "\r\x1b[K" << std::flush;
  visible_ = false;
}

void Progress::sample(HostTime now) {
  // The newest sample is always the present; older ones keep their distance.
  if (samples_.size() > 1 && samples_.back().host - samples_[samples_.size() - 2].host < kSamplePeriod) {
    samples_.pop_back();
  }
  samples_.push_back({now, round_, simulated_});
  if (samples_.size() > kSamples) samples_.pop_front();
}

std::optional<double> Progress::rounds_per_s() const {
  if (samples_.size() < 2) return std::nullopt;
  const auto& [from, to] = std::pair(samples_.front(), samples_.back());
  double elapsed = std::chrono::duration<double>(to.host - from.host).count();
  if (elapsed <= 0 || to.round == from.round) return std::nullopt;
  return static_cast<double>(to.round - from.round) / elapsed;
}

std::optional<double> Progress::seconds_left() const {
  std::optional<double> left;
  auto rate = rounds_per_s();
  if (horizon_.max_rounds && rate) left = static_cast<double>(*horizon_.max_rounds - round_) / *rate;
  if (horizon_.max_simulated_s && samples_.size() > 1) {
    const auto& [from, to] = std::pair(samples_.front(), samples_.back());
    double host = std::chrono::duration<double>(to.host - from.host).count();
    double simulated = seconds(to.simulated - from.simulated);
    double rest = std::max(0.0, *horizon_.max_simulated_s - seconds(to.simulated));
    if (simulated > 0) left = std::min(left.value_or(rest * host / simulated), rest * host / simulated);
  }
  return left;
}

std::string Progress::line() const {
  std::string text = "round " + count_in_words(round_);
  if (horizon_.max_rounds) text += '/' + count_in_words(*horizon_.max_rounds);
  text += "  " + seconds_in_words(seconds(simulated_)) + " simulated";
  if (accuracy_) text += "  accuracy " + share_in_words(*accuracy_);
  if (loss_) text += "  loss " + formatted("%.4g", *loss_);
  text += on_air_bytes_ ? "  " + bytes_in_words(static_cast<double>(*on_air_bytes_)) + " on air"
                        : "  " + bytes_in_words(static_cast<double>(sent_bytes_)) + " sent";
  if (auto rate = rounds_per_s()) text += "  " + formatted("%.3g", *rate) + " rounds/s";
  if (auto left = seconds_left()) text += "  " + time_left(*left) + " left";
  return text;
}

}  // namespace telegrad::results
