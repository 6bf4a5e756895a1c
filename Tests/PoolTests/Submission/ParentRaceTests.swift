import Testing

@testable import Pool

@Suite("One solution per parent under way")
struct ParentRaceTests {
    private func sent(_ step: ParentRace<Int>.Step) -> Int? {
        if case .send(let solution) = step { solution } else { nil }
    }

    @Test("the first is sent, sixteen wait, the rest are counted")
    func bounded() {
        var race = ParentRace<Int>()
        #expect(sent(race.found(0)) == 0)
        for solution in 1...20 { #expect(sent(race.found(solution)) == nil) }
        #expect(race.surplus == 4)
        #expect(race.refused() == 1)
        race.accepted()
        #expect(race.isDecided)
        #expect(race.surplus == 4 + 15)
        #expect(sent(race.found(99)) == nil)
        #expect(race.surplus == 20)
    }

    @Test("refusals work through the waiting ones in order, then the race is open again")
    func refusals() {
        var race = ParentRace<Int>()
        _ = race.found(0)
        _ = race.found(1)
        _ = race.found(2)
        #expect(race.refused() == 1)
        #expect(race.refused() == 2)
        #expect(race.refused() == nil)
        #expect(sent(race.found(3)) == 3)
    }
}
