import Bitcoin
import Hashing
import JSON
import Testing

@Suite struct CoinbaseAuditTests {
    let template: BlockTemplate
    let audit: CoinbaseAudit
    let coinbase: Transaction

    init() throws {
        template = try BlockTemplate(json: Samples.template, chain: .regtest)
        audit = CoinbaseAudit(template: template)
        coinbase = try Transaction(parsing: Samples.layout(for: template).serialized(extranonce: [UInt8](repeating: 0, count: 12)))
    }

    /// What the audit says of the good coinbase after `change`.
    private func violations(_ change: (inout Transaction) -> Void) -> [CoinbaseViolation] {
        var changed = coinbase
        change(&changed)
        return audit.violations(inCoinbase: changed.serialized)
    }

    @Test func goodOnePasses() throws {
        #expect(violations { _ in } == [])
        #expect(audit.violations(in: try Samples.layout(for: template)) == [])
        #expect(audit.violations(in: try Samples.layout(for: template, extranonceSize: 20)) == [])
    }

    @Test func input() {
        #expect(violations { $0.inputs[0].previousOutput.index = 0 } == [.notCoinbase])
        #expect(violations { $0.inputs.append($0.inputs[0]) } == [.notCoinbase])
        #expect(violations { $0.inputs[0].scriptSig.append(raw: [UInt8](repeating: 0, count: 80)) } == [.scriptSigSize(count: 114)])
        #expect(violations { $0.inputs[0].scriptSig = Script([0]) } == [.scriptSigSize(count: 1), .height(expected: 279)])
        #expect(violations { $0.inputs[0].scriptSig = Script.height(280) } == [.height(expected: 279)])
        #expect(violations { $0.lockTime = 279 } == [.lockTime(279)])
        #expect(
            violations {
                $0.lockTime = 279; $0.inputs[0].sequence = .max
            } == []
        )
    }

    @Test func value() {
        let limit = template.coinbaseValue
        #expect(violations { $0.outputs[0].value = 0 } == [])
        #expect(violations { $0.outputs[0].value += 1 } == [.valueTooHigh(total: limit + 1, limit: limit)])
        #expect(violations { $0.outputs[0].value = -1 } == [.valueOutOfRange(-1)])
        #expect(violations { $0.outputs[0].value = .max } == [.valueOutOfRange(.max)])
        #expect(violations { $0.outputs += [TransactionOutput(value: 1, script: Script())] } == [.valueTooHigh(total: limit + 1, limit: limit)])
        #expect(violations { $0.outputs = [] }.contains(.noOutputs))
    }

    @Test func witness() {
        #expect(violations { $0.outputs.removeLast() } == [.witnessCommitmentMissing])
        #expect(violations { $0.outputs.append(WitnessCommitment(hash: .zero).output) } == [.witnessCommitmentWrong])
        #expect(violations { $0.outputs.insert(WitnessCommitment(hash: .zero).output, at: 0) } == [])
        #expect(violations { $0.inputs[0].witness = [] } == [.witness])
        #expect(violations { $0.inputs[0].witness = [[UInt8](repeating: 1, count: 32)] } == [.witness])
        #expect(violations { $0.inputs[0].witness += [[]] } == [.witness])
    }

    @Test func withoutCommitmentInTheTemplate() throws {
        let json = Samples.template.replacing("transactions", with: []).replacing("default_witness_commitment", with: nil)
            .replacing("coinbasevalue", with: 2_500_000_000)
        let template = try BlockTemplate(json: json, chain: .regtest)
        let audit = CoinbaseAudit(template: template)
        #expect(audit.violations(in: try Samples.layout(for: template)) == [])
        var changed = coinbase
        changed.outputs[0].value = 0
        #expect(audit.violations(inCoinbase: changed.serialized) == [.witnessCommitmentUnexpected])
        changed.outputs.removeLast()
        #expect(audit.violations(inCoinbase: changed.serialized) == [.witness])
        changed.inputs[0].witness = []
        #expect(audit.violations(inCoinbase: changed.serialized) == [])
    }

    @Test func limits() throws {
        let weight = template.weight(withCoinbase: coinbase.weight)
        let tight = try BlockTemplate(json: Samples.template.replacing("weightlimit", with: .integer(Int64(weight))), chain: .regtest)
        #expect(CoinbaseAudit(template: tight).violations(inCoinbase: coinbase.serialized) == [])
        let tighter = try BlockTemplate(json: Samples.template.replacing("weightlimit", with: .integer(Int64(weight - 1))), chain: .regtest)
        #expect(CoinbaseAudit(template: tighter).violations(inCoinbase: coinbase.serialized) == [.weight(total: weight, limit: weight - 1)])

        // The template's transaction costs 4, each CHECKSIG of a coinbase output 4 more.
        let costly = try BlockTemplate(json: Samples.template.replacing("sigoplimit", with: 8), chain: .regtest)
        var changed = coinbase
        changed.outputs[0].script = .payToPublicKeyHash([UInt8](repeating: 0, count: 20))
        #expect(CoinbaseAudit(template: costly).violations(inCoinbase: changed.serialized) == [])
        changed.outputs.insert(TransactionOutput(value: 0, script: changed.outputs[0].script), at: 0)
        #expect(CoinbaseAudit(template: costly).violations(inCoinbase: changed.serialized) == [.signatureOperations(total: 12, limit: 8)])
    }

    @Test func truncatedCoinbaseIsUnreadable() {
        let bytes = coinbase.serialized
        for count in 0..<bytes.count {
            let found = audit.violations(inCoinbase: Array(bytes[..<count]))
            #expect(found.map(\.label) == ["unreadable"])
        }
    }

    /// A layout made for another template is caught.
    @Test func layoutOfAnotherHeight() throws {
        let other = try BlockTemplate(json: Samples.template.replacing("height", with: 280), chain: .regtest)
        #expect(audit.violations(in: try Samples.layout(for: other)) == [.height(expected: 279), .lockTime(279)])
    }
}
