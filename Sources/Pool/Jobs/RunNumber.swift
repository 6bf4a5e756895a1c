import CLinux
import Glibc

/// The number of this start of the pool: four bytes in every coinbase and the high half of every job id.
///
/// It never returns, so no header of a run whose duplicate table is lost can be submitted again and no job id is used twice (design,
/// invariant 6). It grows with the clock and past the number stored last, whichever is more: neither a clock set back nor a lost data
/// folder alone repeats one.
public struct RunNumber: Sendable {
    public let value: UInt32

    /// One that was taken before, by a process that hands its duplicate tables on.
    init(value: UInt32) {
        self.value = value
    }

    /// Takes the next number and stores it, synced, in `folder`.
    public static func next(in folder: String, now: UnixTime = .now()) throws(FileError) -> RunNumber {
        let path = folder + "/run"
        let text = (try? DurableFile.read(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let last = UInt32(text.filter(\.isNumber)) ?? 0
        let clock = UInt32(truncatingIfNeeded: now.seconds)
        let value = max(clock, last &+ 1)
        try DurableFile.replace(path, with: Array("\(value)\n".utf8))
        return RunNumber(value: value)
    }
}
