#include "sim/results/journal.h"

#include <sys/vfs.h>

#include "sim/core/errors.h"

namespace telegrad::results {
namespace {

struct FileSystem {
  unsigned type;
  const char* name;
};

// Numbers from linux/magic.h and the file systems' own sources.
constexpr FileSystem kNetworkFileSystems[] = {
    {0x6969, "NFS"},        {0x517b, "SMB"},      {0xfe534d42, "SMB"},    {0xff534d42, "CIFS"},
    {0x01021997, "9p"},     {0x00c36400, "Ceph"}, {0x0bd00bd0, "Lustre"}, {0x47504653, "GPFS"},
    {0x19830326, "BeeGFS"}, {0x5346414f, "AFS"},  {0x65735546, "FUSE"},
};

}  // namespace

std::optional<std::string> network_file_system(long type) {
  for (const FileSystem& candidate : kNetworkFileSystems) {
    if (candidate.type == static_cast<unsigned>(type)) return candidate.name;
  }
  return std::nullopt;
}

std::string use_journal(Database& database, Journal wanted) {
  database.run("PRAGMA synchronous = NORMAL");
  std::string reason = "it was asked for";
  if (wanted == Journal::automatic) {
    struct statfs place {};
    auto remote =
        statfs(database.file().c_str(), &place) == 0 ? network_file_system(place.f_type) : std::nullopt;
    if (!remote && database.text("PRAGMA journal_mode = WAL") == "wal") return "";
    reason = remote ? "it lies on " + *remote : "its file system has no shared memory";
  }
  database.run("PRAGMA journal_mode = DELETE");
  return database.file().string() + " has a rollback journal instead of a write-ahead log (" + reason +
         "): reading it while the run goes on may slow the run down";
}

void empty_journal(Database& database) {
  try {
    database.run("PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (const RunError&) {  // somebody reads, or there is no room for that either
  }
}

void drop_journal(Database& database) {
  try {
    database.run("PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE");
  } catch (const RunError&) {  // somebody reads: the next program that opens it tidies up
  }
}

}  // namespace telegrad::results
