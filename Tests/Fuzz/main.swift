Fuzzer.run()
