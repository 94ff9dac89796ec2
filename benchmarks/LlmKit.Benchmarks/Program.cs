using BenchmarkDotNet.Running;
using LlmKit.Benchmarks.Gate;
using LlmKit.Benchmarks.Results;

return args switch
{
    ["gate"] => SpeedGate.Run(),
    ["all", .. var filter] => ResultTables.Write(filter),
    _ => Switch(args),
};

static int Switch(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(SpeedGate).Assembly).Run(args);
    return 0;
}
