#include "sim/results/writer.h"

#include "sim/results/schema.h"

namespace telegrad::results {
namespace {

constexpr auto kCommitEvery = std::chrono::milliseconds(500);  // host time
constexpr std::size_t kBatch = 1 << 14;        // rows that are written without waiting for more
constexpr std::size_t kMostWaiting = 1 << 16;  // then the run waits for the disk

}  // namespace

Writer::Writer(const Folder& folder, Manifest manifest, Journal journal)
    : manifest_(std::move(manifest)), reserve_(folder.path()), database_(Database::open(folder.database())) {
  notice_ = use_journal(database_, journal);
  write_beginning(database_, manifest_);
  rows_.emplace(database_);
  thread_ = std::thread([this] { write_rows(); });
}

Writer::~Writer() { stop(); }

void Writer::message(const MessageRecord& record) { push(record); }

void Writer::span(NodeId node, std::uint64_t round, Phase phase, SimTime from, SimTime to) {
  push(SpanRow{node, round, phase, from, to});
}

void Writer::round(const RoundRecord& record) { push(record); }

void Writer::evaluated(std::uint64_t round, const Evaluation& evaluation) {
  push(EvaluationRow{round, evaluation});
}

void Writer::contribution(const ContributionRecord& record) { push(record); }

void Writer::push(Row row) {
  std::unique_lock lock(mutex_);
  done_.wait(lock, [this] { return waiting_.size() < kMostWaiting || failure_; });
  if (failure_) {
    thrown_ = true;
    throw RunError(*failure_);
  }
  waiting_.push_back(row);
  ++observed_;
  if (waiting_.size() == 1 || waiting_.size() == kBatch) work_.notify_one();
}

void Writer::flush() {
  std::unique_lock lock(mutex_);
  hurry_ = true;
  work_.notify_one();
  done_.wait(lock, [this, until = observed_] { return committed_ >= until || failure_; });
  hurry_ = false;
  if (failure_) {
    thrown_ = true;
    throw RunError(*failure_);
  }
}

void Writer::write_rows() {
  std::vector<Row> batch;
  std::unique_lock lock(mutex_);
  while (!failure_) {
    work_.wait(lock, [this] { return closing_ || !waiting_.empty(); });
    work_.wait_for(lock, kCommitEvery, [this] { return closing_ || hurry_ || waiting_.size() >= kBatch; });
    if (waiting_.empty()) return;
    batch.clear();
    batch.swap(waiting_);
    lock.unlock();
    std::optional<RunError> failure;
    try {
      rows_->store(batch);
    } catch (const RunError& error) {
      failure = error;
    } catch (const std::exception& error) {
      failure = RunError(Failure::internal, error.what());
    }
    lock.lock();
    failure_ = failure;
    if (!failure_) committed_ += batch.size();
    done_.notify_all();
  }
}

void Writer::stop() {
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
    work_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void Writer::finish(const Ending& ending) {
  stop();
  bool news = failure_ && !thrown_;
  Ending truth = ending;
  if (news) {
    truth.status = "failed";
    truth.reason = to_string(failure_->failure());
    truth.detail = failure_->what();
  }
  reserve_.release();
  rows_.reset();
  if (failure_) empty_journal(database_);  // full to the last byte, it could not take the ending
  write_ending(database_, manifest_, truth);
  drop_journal(database_);
  thrown_ = true;
  if (news) throw RunError(*failure_);
}

}  // namespace telegrad::results
