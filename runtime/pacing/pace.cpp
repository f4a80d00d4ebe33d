#include "runtime/pacing/pace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace segue::runtime::pacing {

namespace {

constexpr double back_off = 0.5;
constexpr double recover = 1.5;

struct Reason {
  std::string code;
  std::string why;
};

std::optional<Reason> slot_reason(const Slot& slot, bool waited) {
  if (slot.wal_status == "lost") return std::nullopt;  // nothing is kept for it any more
  const std::int64_t low = waited ? slot_spare_low * 2 : slot_spare_low;
  if (slot.wal_status == "unreserved" || (slot.spare && *slot.spare < low)) {
    return Reason{
        "slot-headroom",
        fmt::format(
            "slot {} is lost after {} more of WAL", slot.name,
            bytes_text(static_cast<double>(std::max<std::int64_t>(0, slot.spare.value_or(0)))))};
  }
  const std::uint64_t high = waited ? slot_retained_high / 2 : slot_retained_high;
  if (!slot.spare && slot.retained > high) {
    return Reason{"slot-retention",
                  fmt::format("slot {} keeps {} of WAL on the disk (limit {})", slot.name,
                              bytes_text(static_cast<double>(slot.retained)),
                              bytes_text(static_cast<double>(slot_retained_high)))};
  }
  return std::nullopt;
}

std::optional<Reason> replication_reason(const Signals& signals, const Limits& limits,
                                         const std::string& waited) {
  if (!signals.replicas_gone.empty() && !limits.allowed.contains("replica-lost")) {
    return Reason{"replica-lost",
                  fmt::format("replica {} is gone since this run began", signals.replicas_gone[0])};
  }
  const std::uint64_t most = waited == "replica-lag" ? limits.max_lag / 2 : limits.max_lag;
  for (const Replica& replica : signals.replicas) {
    if (replica.behind <= most || limits.allowed.contains("replica-lag")) continue;
    return Reason{"replica-lag", fmt::format("replica {} is {} behind (limit {})", replica.name,
                                             bytes_text(static_cast<double>(replica.behind)),
                                             bytes_text(static_cast<double>(limits.max_lag)))};
  }
  for (const Slot& slot : signals.slots) {
    const bool before = waited == "slot-headroom" || waited == "slot-retention";
    auto reason = slot_reason(slot, before);
    if (reason && !limits.allowed.contains(reason->code)) return reason;
  }
  return std::nullopt;
}

// What nobody should add to.
std::optional<Reason> stops(const Signals& signals, const Limits& limits,
                            const std::string& waited) {
  if (signals.wish.paused)
    return Reason{"paused", fmt::format("paused by {}", signals.wish.asked_by)};
  if (!signals.throttle.empty()) return Reason{"throttle-query", signals.throttle};
  if (auto reason = replication_reason(signals, limits, waited)) return reason;
  if (signals.archive_fails && !limits.allowed.contains("archive-fails"))
    return Reason{"archive-fails", "the last try to archive WAL failed"};
  const std::uint64_t most =
      waited == "archive-backlog" ? archive_backlog_high / 2 : archive_backlog_high;
  if (signals.archive_backlog > most && !limits.allowed.contains("archive-backlog")) {
    return Reason{"archive-backlog",
                  fmt::format("{} of WAL wait to be archived (limit {})",
                              bytes_text(static_cast<double>(signals.archive_backlog)),
                              bytes_text(static_cast<double>(archive_backlog_high)))};
  }
  return std::nullopt;
}

// What to go easy on; the first is told.
std::optional<Reason> slows(const Signals& signals) {
  if (signals.waiting_on_us > 0)
    return Reason{"lock-waiters",
                  fmt::format("{} waits for rows of a batch", signals.first_waiting_on_us)};
  if (signals.waiting_elsewhere >= lock_jam)
    return Reason{"lock-jam", fmt::format("{} sessions wait for locks", signals.waiting_elsewhere)};
  if (signals.commit_held)
    return Reason{"sync-standby", "a COMMIT waits for a synchronous standby"};
  if (signals.commit_ms > commit_ms_slow)
    return Reason{"commit-latency", fmt::format("a COMMIT takes {:.0f} ms (slow above {:.0f})",
                                                signals.commit_ms, commit_ms_slow)};
  if (signals.app_at_work && signals.wal_comfortable > 0 &&
      signals.wal_per_second > signals.wal_comfortable)
    return Reason{"wal-rate", fmt::format("{} of WAL a second; checkpoints keep up with {}",
                                          bytes_text(signals.wal_per_second),
                                          bytes_text(signals.wal_comfortable))};
  if (signals.vacuum_at_work) return Reason{"vacuum", "VACUUM is at work on the table"};
  if (signals.dead_share > dead_share_high)
    return Reason{"dead-rows", fmt::format("{:.0f} % of the table's rows are dead and not vacuumed",
                                           std::floor(signals.dead_share * 100))};
  return std::nullopt;
}

// The most rows of a batch, before anything hurts.
std::uint32_t most_rows(const Signals& signals, const Limits& limits) {
  const int speed = std::clamp(signals.wish.speed, slowest, fastest);
  std::uint32_t rows = signals.app_at_work ? rows_beside_app : rows_when_idle;
  if (limits.batch) rows = *limits.batch;
  if (!signals.unseen.empty() && !limits.batch) rows = rows_when_blind;
  if (speed < 0) rows >>= static_cast<unsigned>(-speed);
  if (speed > 0 && rows < rows_when_idle)
    rows = std::min<std::uint32_t>(rows_when_idle, rows << static_cast<unsigned>(speed));
  return std::max<std::uint32_t>(rows, 1);
}

std::uint32_t next_rows(const Signals& signals, std::uint32_t now, std::uint32_t most) {
  const double longest = signals.app_at_work ? batch_ms_beside_app : batch_ms_when_idle;
  double rows = now;
  if (signals.waiting_on_us > 0 || signals.waiting_elsewhere >= lock_jam) {
    rows *= back_off;
  } else if (signals.batch_ms > longest) {
    rows *= std::max(back_off, longest / signals.batch_ms);
  } else {
    rows = rows * recover + 1;
  }
  return std::clamp(static_cast<std::uint32_t>(rows), std::min(fewest_rows, most), most);
}

double most_duty(const Signals& signals) {
  double duty = 1;
  if (signals.app_at_work) duty = duty_beside_app;
  if (!signals.unseen.empty()) duty = blind_duty;
  const int speed = std::clamp(signals.wish.speed, slowest, fastest);
  return std::clamp(std::ldexp(duty, speed), least_duty, 1.0);
}

Reason in_peace(const Signals& signals, const Limits& limits) {
  if (!signals.unseen.empty()) return {"blind", signals.unseen.front()};
  if (signals.wish.speed != 0) {
    return {signals.wish.speed > 0 ? "faster" : "slower",
            fmt::format("{} asked for it", signals.wish.asked_by)};
  }
  if (limits.batch) return {"asked", "as many rows as were asked for"};
  if (signals.app_at_work) return {"app", "an app is at work"};
  return {"idle", "nobody else is at work"};
}

}  // namespace

Pace decide(const Signals& signals, const Limits& limits, const std::optional<Pace>& before) {
  Pace pace;
  const std::uint32_t most = most_rows(signals, limits);
  pace.rows = before ? next_rows(signals, before->rows, most) : most;
  const bool alone = !signals.app_at_work && signals.unseen.empty();
  pace.workers = limits.workers.value_or(alone && signals.wish.speed >= 0 ? workers_when_idle : 1);
  const std::string waited = before && before->waits ? before->code : "";
  const double duty = before ? before->duty : most_duty(signals);
  if (const auto reason = stops(signals, limits, waited)) {
    pace.waits = true;
    pace.duty = duty;
    pace.code = reason->code;
    pace.why = reason->why;
    return pace;
  }
  const auto reason = slows(signals);
  // What is kept back is let go again by and by, or each release would bring the pain back.
  pace.duty = std::clamp(duty * (reason ? back_off : recover), least_duty, most_duty(signals));
  if (reason && reason->code == "wal-rate")
    pace.duty = std::clamp(duty * signals.wal_comfortable / signals.wal_per_second, least_duty,
                           most_duty(signals));
  if (reason && !limits.workers) pace.workers = 1;
  const Reason said = reason.value_or(in_peace(signals, limits));
  pace.code = said.code;
  pace.why = said.why;
  return pace;
}

std::string bytes_text(double bytes) {
  constexpr double mega = 1 << 20;
  constexpr double giga = 1 << 30;
  if (bytes >= giga) return fmt::format("{:.1f} GB", bytes / giga);
  if (bytes >= mega) return fmt::format("{:.0f} MB", bytes / mega);
  return fmt::format("{:.0f} kB", bytes / 1024);
}

}  // namespace segue::runtime::pacing
