#include "channels/ns3/tcp_link.h"

#include <algorithm>
#include <utility>

#include "ns3/callback.h"
#include "ns3/inet-socket-address.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"
#include "ns3/tcp-socket-factory.h"
#include "sim/core/errors.h"

namespace telegrad::channels {

namespace {

constexpr std::uint32_t kHelloBytes = 8;  // the sender's node; the answer is as long
constexpr std::uint32_t kLargestWrite = 1u << 30;
constexpr SimTime kGivenUp = std::chrono::seconds(60);
const auto kRetry = ns3::MilliSeconds(200);
const auto kAnswer = ns3::Seconds(4);  // a connection that is refused is known to be after 3

SimTime clock_now() { return SimTime{ns3::Simulator::Now().GetNanoSeconds()}; }

}  // namespace

TcpLink::TcpLink(Hosts& hosts, Session& session, NodeId from, NodeId to, std::uint16_t port, Watcher watcher)
    : hosts_(hosts), session_(session), from_(from), to_(to), port_(port), watcher_(std::move(watcher)),
      broken_since_(clock_now()) {
  hosts_.acquaint(from, to);
}

TcpLink::~TcpLink() {
  retry_.Cancel();
  unanswered_.Cancel();
  release(client_);
  release(server_);
}

void TcpLink::connect() {
  session_.guard([this] {
    client_ = ns3::Socket::CreateSocket(hosts_.node(from_), ns3::TcpSocketFactory::GetTypeId());
    client_->Bind();
    ns3::Address local;
    client_->GetSockName(local);
    local_port_ = ns3::InetSocketAddress::ConvertFrom(local).GetPort();
    client_->SetConnectCallback(ns3::MakeCallback(&TcpLink::connected, this),
                                ns3::MakeCallback(&TcpLink::broken, this));
    client_->SetCloseCallbacks(ns3::MakeCallback(&TcpLink::broken, this),
                               ns3::MakeCallback(&TcpLink::broken, this));
    client_->SetRecvCallback(ns3::MakeCallback(&TcpLink::answered, this));
    client_->SetSendCallback(ns3::MakeCallback(&TcpLink::writable, this));
    client_->Connect(ns3::InetSocketAddress(hosts_.address(to_), port_));
    unanswered_.Cancel();
    unanswered_ = ns3::Simulator::Schedule(kAnswer, &TcpLink::unanswered, this);
  });
}

// Where the server's half of the handshake was lost, ns-3's client may believe in a connection that the server has
// not accepted, and repeat its hello for minutes.
void TcpLink::unanswered() { broken(client_); }

void TcpLink::push(Letter letter) {
  letters_.push_back(Entry{std::move(letter)});
  if (open_) write();
}

void TcpLink::connected(ns3::Ptr<ns3::Socket> socket) {
  session_.guard([&] {
    if (socket == client_) client_->Send(ns3::Create<ns3::Packet>(kHelloBytes));
  });
}

void TcpLink::accepted(ns3::Ptr<ns3::Socket> socket) {
  release(server_);
  server_ = socket;
  hello_read_ = 0;
  server_->SetRecvCallback(ns3::MakeCallback(&TcpLink::received, this));
  // A client that has vanished is noticed by its own side, which connects again.
  received(socket);
}

void TcpLink::answered(ns3::Ptr<ns3::Socket> socket) {
  session_.guard([&] {
    while (auto packet = socket->Recv()) {
      if (packet->GetSize() == 0) return;
      answer_read_ += packet->GetSize();
    }
    if (socket != client_ || open_ || answer_read_ < kHelloBytes) return;
    open_ = true;
    unanswered_.Cancel();
    watcher_.opened();
    write();
  });
}

void TcpLink::writable(ns3::Ptr<ns3::Socket> socket, std::uint32_t) {
  session_.guard([&] {
    if (socket == client_ && open_) write();
  });
}

void TcpLink::write() {
  while (open_ && next_write_ < letters_.size()) {
    auto& entry = letters_[next_write_];
    const std::uint64_t left = entry.letter.bytes - entry.written;
    const auto size =
        static_cast<std::uint32_t>(std::min<std::uint64_t>({left, client_->GetTxAvailable(), kLargestWrite}));
    if (size == 0) return;
    if (client_->Send(ns3::Create<ns3::Packet>(size)) < 0) return;
    entry.written += size;
    if (entry.written == entry.letter.bytes) ++next_write_;
    if (!std::exchange(entry.begun, true)) entry.letter.tell(Letter::Event::begun);
  }
}

void TcpLink::received(ns3::Ptr<ns3::Socket> socket) {
  session_.guard([&] {
    std::uint64_t bytes = 0;
    while (auto packet = socket->Recv()) {
      if (packet->GetSize() == 0) break;
      bytes += packet->GetSize();
    }
    if (socket != server_) return;
    if (hello_read_ < kHelloBytes) {
      const auto hello =
          static_cast<std::uint32_t>(std::min<std::uint64_t>(kHelloBytes - hello_read_, bytes));
      hello_read_ += hello;
      bytes -= hello;
      if (hello > 0 && hello_read_ == kHelloBytes) server_->Send(ns3::Create<ns3::Packet>(kHelloBytes));
    }
    if (bytes > 0) read(bytes);
  });
}

void TcpLink::read(std::uint64_t bytes) {
  while (bytes > 0) {
    expect(!letters_.empty(), "bytes on a link belong to a letter");
    auto& entry = letters_.front();
    const auto part = std::min(bytes, entry.letter.bytes - entry.read);
    entry.read += part;
    bytes -= part;
    entry.letter.tell(Letter::Event::reached);
    if (entry.read < entry.letter.bytes) return;
    const auto tell = std::move(entry.letter.tell);
    letters_.pop_front();
    --next_write_;
    tell(Letter::Event::complete);
  }
}

void TcpLink::broken(ns3::Ptr<ns3::Socket> socket) {
  session_.guard([&] {
    if (socket != client_) return;
    if (std::exchange(open_, false)) broken_since_ = clock_now();
    unanswered_.Cancel();
    retry_.Cancel();
    retry_ = ns3::Simulator::Schedule(kRetry, &TcpLink::try_again, this);
  });
}

void TcpLink::try_again() {
  session_.guard([this] {
    if (clock_now() - broken_since_ > kGivenUp) {
      watcher_.severed("no connection for " + std::to_string(kGivenUp / std::chrono::seconds(1)) + " s");
      return;
    }
    release(client_);
    release(server_);
    answer_read_ = 0;
    next_write_ = 0;
    for (auto& entry : letters_) entry.written = entry.read = 0;
    connect();
  });
}

void TcpLink::release(ns3::Ptr<ns3::Socket>& socket) {
  if (!socket) return;
  const auto none = ns3::MakeNullCallback<void, ns3::Ptr<ns3::Socket>>();
  socket->SetConnectCallback(none, none);
  socket->SetCloseCallbacks(none, none);
  socket->SetRecvCallback(none);
  socket->SetSendCallback(ns3::MakeNullCallback<void, ns3::Ptr<ns3::Socket>, std::uint32_t>());
  socket->Close();
  socket = nullptr;
}

}  // namespace telegrad::channels
