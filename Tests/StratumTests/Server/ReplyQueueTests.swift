import Randomness
import Testing

@testable import Stratum

@Suite("Replies that wait")
struct ReplyQueueTests {
    private func reply(_ number: Int) -> PendingReply {
        PendingReply(connection: Int32(number), generation: 0, id: Array("7".utf8).span)
    }

    @Test("they leave in the order they came, and one that waits alone always lies at the same place")
    func places() {
        var queue = ReplyQueue(capacity: 8)
        var (came, left) = (0, 0)
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<5_000 {
            if Bool.random(using: &generator), queue.room > 0 {
                queue.append(reply(came))
                came += 1
            } else if !queue.isEmpty {
                #expect(queue[queue.head].connection == Int32(left))
                queue.removeFirst()
                left += 1
            }
            #expect(queue.room == 8 - (came - left))
            for number in queue.head..<queue.tail { #expect(queue[number].connection == Int32(number)) }
        }
        while !queue.isEmpty { queue.removeFirst() }
        var places: Set<UnsafePointer<PendingReply>> = []
        for number in 0..<20 {
            queue.append(reply(number))
            withUnsafePointer(to: &queue[queue.head]) { _ = places.insert($0) }
            queue.removeFirst()
        }
        #expect(places.count == 1)
    }
}
