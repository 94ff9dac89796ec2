using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using LlmKit.Benchmarks.Control;
using Perfolizer.Horology;

namespace LlmKit.Benchmarks.Measuring;

/// <summary>Runs benchmarks in this process and gives their figures.</summary>
internal static class Measurer
{
    private const string ClassEnding = "Benchmark";

    /// <summary>Short enough for a gate: what it may fail on are bytes, which are exact, and ratios of best iterations.</summary>
    public static Job Quick { get; } = Job.Default
        .WithToolchain(InProcessEmitToolchain.Instance)
        .WithClock(new ProcessorClock())
        .WithLaunchCount(1)
        .WithWarmupCount(3)
        .WithIterationCount(16)
        .WithIterationTime(TimeInterval.FromMilliseconds(100));

    /// <summary>For rows whose time nobody asks for: bytes are exact once the code is optimised, which it is by then.</summary>
    public static Job Bytes { get; } = Quick.WithIterationCount(4);

    public static Job Thorough { get; } = Quick
        .WithWarmupCount(6)
        .WithIterationCount(15)
        .WithIterationTime(TimeInterval.FromMilliseconds(200));

    /// <summary>Gives the classes that hold benchmarks, in the order in which they run. The stack as a whole comes first and the cache second: after the rows of other classes opening a call was measured up to a quarter dearer and a hit a tenth, in the same process and for the same code.</summary>
    public static Type[] Classes { get; } =
        [.. typeof(Measurer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(StageBenchmark)))
            .OrderByDescending(type => type == typeof(FullStackBenchmark)).ThenByDescending(type => type == typeof(CacheBenchmark)).ThenBy(type => type.Name, StringComparer.Ordinal)];

    public static string NameOf(Type type) => type.Name[..^ClassEnding.Length];

    /// <exception cref="InvalidOperationException">A benchmark failed or measured nothing.</exception>
    public static List<Measurement> Run(Job job, Func<string, bool> isWanted, ILogger? logger = null)
    {
        var output = Directory.CreateTempSubdirectory("benchmarks");
        try
        {
            var config = ManualConfig.CreateEmpty()
                .AddJob(job)
                .AddDiagnoser(MemoryDiagnoser.Default)
                .AddFilter(new SimpleFilter(benchmark => isWanted(RowOf(benchmark))))
                .AddLogger(logger ?? NullLogger.Instance)
                .WithArtifactsPath(output.FullName);
            return [.. BenchmarkRunner.Run(Classes, config).SelectMany(Measurements)];
        }
        finally
        {
            output.Delete(recursive: true);
        }
    }

    private static IEnumerable<Measurement> Measurements(Summary summary)
    {
        if (summary.HasCriticalValidationErrors)
            throw new InvalidOperationException($"The benchmarks cannot run: {string.Join(" ", summary.ValidationErrors.Select(error => error.Message))}");
        return summary.Reports.Select(ToMeasurement);
    }

    private static Measurement ToMeasurement(BenchmarkReport report)
    {
        var benchmark = report.BenchmarkCase;
        var statistics = report.ResultStatistics;
        if (!report.Success || statistics is null || report.GcStats.GetBytesAllocatedPerOperation(benchmark) is not { } bytes)
            throw new InvalidOperationException($"The benchmark '{RowOf(benchmark)}' failed. Run it alone: dotnet run -c Release --project benchmarks/LlmKit.Benchmarks -- --filter '*{benchmark.Descriptor.WorkloadMethod.Name}'.");
        return new(
            RowOf(benchmark),
            benchmark.Descriptor.WorkloadMethodDisplayInfo.Trim('\''),
            benchmark.Descriptor.Categories[0],
            benchmark.Descriptor.Baseline,
            statistics.Min,
            statistics.Median,
            bytes);
    }

    private static string RowOf(BenchmarkCase benchmark) => $"{NameOf(benchmark.Descriptor.Type)}.{benchmark.Descriptor.WorkloadMethod.Name}";
}
