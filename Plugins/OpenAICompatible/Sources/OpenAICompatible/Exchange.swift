import CCurl
import Glibc
import PluginAPI
import Synchronization

/// Carries jobs out, a bounded number at once, on the thread that calls it.
///
/// libcurl's multi interface drives all transfers of a call; connections are kept for the next call of the same thread's
/// exchange. The bound is shared by all calls.
final class Exchange: Sendable {
  private let limit: Int
  private let running = Mutex(0)
  private let idle = Mutex<[Handle]>([])

  /// A multi handle with its open connections; used by one call at a time.
  private struct Handle: @unchecked Sendable {
    let multi: UnsafeMutableRawPointer
  }

  init(limit: Int) { self.limit = limit }

  deinit { for handle in idle.withLock({ $0 }) { curl_multi_cleanup(handle.multi) } }

  /// Works until every job is done.
  ///
  /// - Parameters:
  ///   - seed: spreads the pauses of what is tried again.
  ///   - stop: why the job of an item shall end early; nil while it shall not.
  func run(_ jobs: [Job], seed: UInt64, stop: (Int) -> PluginError?) throws(PluginError) {
    guard let multi = idle.withLock({ $0.popLast()?.multi }) ?? curl_multi_init() else {
      throw PluginError(.resource, "libcurl gave no handle")
    }
    defer { idle.withLock { $0.append(Handle(multi: multi)) } }
    var random = seed | 1
    var open: [UnsafeMutableRawPointer: Job] = [:]
    while true {
      let now = monotonicNanoseconds()
      var isDone = true
      for job in jobs {
        switch job.state {
        case .done: continue
        case .running(let transfer):
          isDone = false
          job.read(transfer, now: now)
          if let error = stop(job.item) { job.fail(error) }
          if case .done = job.state { close(transfer, of: multi, &open) }
        case .waiting(let until):
          isDone = false
          if let error = stop(job.item) {
            job.fail(error)
          } else if now >= until, takePermit() {
            begin(job, multi, now, &open)
          }
        }
      }
      if isDone { return }
      var count: Int32 = 0
      curl_multi_perform(multi, &count)
      while let message = curl_multi_info_read(multi, &count) {
        guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle, let job = open[handle],
          case .running(let transfer) = job.state
        else { continue }
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        job.end(
          transfer, ccurl_result(message), now: monotonicNanoseconds(), random: Double(random >> 11) / Double(1 << 53))
        close(transfer, of: multi, &open)
      }
      // Short enough for the host's wish to cancel; a transfer that has news ends it early.
      curl_multi_poll(multi, nil, 0, 5, nil)
    }
  }

  private func begin(
    _ job: Job, _ multi: UnsafeMutableRawPointer, _ now: UInt64, _ open: inout [UnsafeMutableRawPointer: Job]
  ) {
    do throws(PluginError) {
      let transfer = try Transfer(job.request, now: now)
      job.begin(transfer)
      open[transfer.handle] = job
      curl_multi_add_handle(multi, transfer.handle)
    } catch {
      job.fail(error)
      givePermit()
    }
  }

  private func close(
    _ transfer: Transfer, of multi: UnsafeMutableRawPointer, _ open: inout [UnsafeMutableRawPointer: Job]
  ) {
    curl_multi_remove_handle(multi, transfer.handle)
    open[transfer.handle] = nil
    givePermit()
  }

  private func takePermit() -> Bool {
    running.withLock { running in
      if running >= limit { return false }
      running += 1
      return true
    }
  }

  private func givePermit() { running.withLock { $0 -= 1 } }
}

/// Nanoseconds of CLOCK_MONOTONIC.
func monotonicNanoseconds() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
