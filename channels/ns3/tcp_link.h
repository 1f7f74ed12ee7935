#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>

#include "channels/ns3/hosts.h"
#include "channels/ns3/session.h"
#include "ns3/address.h"
#include "ns3/event-id.h"
#include "ns3/ptr.h"
#include "ns3/socket.h"

namespace telegrad::channels {

/// Some bytes on a TCP link, and who wants to know what becomes of them.
struct Letter {
  enum class Event { begun, reached, complete };
  std::uint64_t bytes = 0;
  std::function<void(Event)> tell;
};

/// The TCP connection that carries letters from one node to another, in order. The sending side connects, says
/// hello, and is open once it has been answered; when the connection breaks it is made anew, and letters that
/// were not complete go again. ns-3's packets are counted, never read: both ends know the row of letters.
class TcpLink final {
 public:
  struct Watcher {
    std::function<void()> opened;                     // each time
    std::function<void(const std::string&)> severed;  // not open again for a minute
  };

  TcpLink(Hosts& hosts, Session& session, NodeId from, NodeId to, std::uint16_t port, Watcher watcher);
  ~TcpLink();
  TcpLink(const TcpLink&) = delete;
  TcpLink& operator=(const TcpLink&) = delete;

  void connect();
  void push(Letter letter);
  bool open() const { return open_; }
  /// The local port of the connection that is being made: by it the listener finds this link.
  std::uint16_t local_port() const { return local_port_; }
  /// The listener accepted this connection.
  void accepted(ns3::Ptr<ns3::Socket> socket);

 private:
  void connected(ns3::Ptr<ns3::Socket>);
  void unanswered();
  void broken(ns3::Ptr<ns3::Socket> socket);
  void answered(ns3::Ptr<ns3::Socket> socket);
  void received(ns3::Ptr<ns3::Socket> socket);
  void writable(ns3::Ptr<ns3::Socket> socket, std::uint32_t space);
  void write();
  void read(std::uint64_t bytes);
  void release(ns3::Ptr<ns3::Socket>& socket);
  void try_again();

  struct Entry {
    Letter letter;
    std::uint64_t written = 0;
    std::uint64_t read = 0;
    bool begun = false;
  };

  Hosts& hosts_;
  Session& session_;
  const NodeId from_;
  const NodeId to_;
  const std::uint16_t port_;
  const Watcher watcher_;
  ns3::Ptr<ns3::Socket> client_;
  ns3::Ptr<ns3::Socket> server_;
  ns3::EventId retry_;
  ns3::EventId unanswered_;
  std::uint16_t local_port_ = 0;
  std::uint32_t hello_read_ = 0;
  std::uint32_t answer_read_ = 0;
  bool open_ = false;
  SimTime broken_since_{};
  std::deque<Entry> letters_;   // the first is the next to be complete
  std::size_t next_write_ = 0;  // of letters_
};

}  // namespace telegrad::channels
