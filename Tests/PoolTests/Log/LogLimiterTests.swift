import Testing

@testable import Pool

@Suite("A flood of one event is told of, not written out")
struct LogLimiterTests {
    @Test func flood() {
        var limiter = LogLimiter()
        let (site, other) = (LogLimiter.Site(#fileID, 1), LogLimiter.Site(#fileID, 2))
        let first = (0..<1_000).map { _ in limiter.admit(site, at: 5_000) }
        #expect(first.prefix(LogLimiter.burst).allSatisfy { $0 == 0 } && first.dropFirst(LogLimiter.burst).allSatisfy { $0 == nil })
        #expect(limiter.admit(other, at: 5_000) == 0, "another event is not kept back")
        #expect(limiter.admit(site, at: 5_999) == nil)
        #expect(limiter.admit(site, at: 6_000) == 1_000 - LogLimiter.burst + 1)
        #expect(limiter.admit(site, at: 6_000) == nil)
        // A clock that is set back stops nothing for long.
        #expect(limiter.admit(site, at: 0) == nil)
        #expect(limiter.admit(site, at: 1_000) == 2)
        // Long silence gives the whole burst back, and no more.
        let late = (0..<1_000).map { _ in limiter.admit(site, at: 10_000_000) }
        #expect(late.compactMap(\.self).count == LogLimiter.burst)
    }
}
