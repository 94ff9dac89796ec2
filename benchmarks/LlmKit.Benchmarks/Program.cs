using BenchmarkDotNet.Running;
using LlmKit.Benchmarks.Gate;
using LlmKit.Benchmarks.Results;
using LlmKit.Benchmarks.Tokens;

return args switch
{
    ["gate", .. var classes] => SpeedGate.Run(classes),
    ["all", .. var filter] => ResultTables.Write(filter),
    ["tokens"] => TokenTables.Write(),
    _ => Switch(args),
};

static int Switch(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(SpeedGate).Assembly).Run(args);
    return 0;
}
