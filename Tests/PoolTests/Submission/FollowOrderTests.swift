import Testing

@testable import Pool

@Suite("The order in which open blocks are followed")
struct FollowOrderTests {
    @Test(arguments: [0, 1, 99, 100, 300])
    func aFewAreAllLookedAt(count: Int) {
        var order = FollowOrder()
        for _ in 1...3 { #expect(order.next(of: Array(0..<count)) == Array(0..<count)) }
    }

    @Test func ofManyTheNewestComeEveryTimeAndAllInTurn() {
        var order = FollowOrder()
        let open = Array(0..<1_234)
        var seen: [Int: Int] = [:]
        for _ in 1...12 {
            let next = order.next(of: open)
            #expect(next.count <= 300)
            for block in next { seen[block, default: 0] += 1 }
        }
        #expect(seen.keys.count == open.count)
        #expect((0..<100).allSatisfy { seen[$0] == 12 })
        #expect((100..<1_234).allSatisfy { seen[$0] == 2 })
    }
}
