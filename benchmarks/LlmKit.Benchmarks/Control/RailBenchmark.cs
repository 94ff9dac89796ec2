using BenchmarkDotNet.Attributes;
using LlmKit.Text;
using LlmKit.Text.Injection;

namespace LlmKit.Benchmarks.Control;

/// <summary>How fast are the detectors of the whole default rail: personal data, secrets, hidden text and prompt injection, on one thread?</summary>
public class RailBenchmark : StageBenchmark
{
    private const int Length = 100_000;
    private const int PromptLength = 2_000;
    private const int Deltas = 1_000;
    private const int DeltaLength = 4;

    private static readonly TextRedactor Redactor = new([.. TextDetectors.PersonalData, TextDetectors.Secrets, TextDetectors.HiddenText]);

    private readonly string _prose = RailTexts.Prose(Length);
    private readonly string _dense = RailTexts.Dense(Length);
    private readonly string _prompt = RailTexts.Prose(PromptLength);
    private readonly string[] _hostile = RailTexts.Hostile(Length);
    private readonly string[] _twice = RailTexts.Hostile(2 * Length);
    private readonly string[] _deltas = [.. RailTexts.Prose(Deltas * DeltaLength).Chunk(DeltaLength).Select(delta => new string(delta))];

    [Benchmark(Description = "100,000 characters of prose"), BenchmarkCategory(Plain)]
    public int Prose() => Look(_prose);

    [Benchmark(Description = "100,000 characters of numbers and URLs"), BenchmarkCategory(Plain)]
    public int Dense() => Look(_dense);

    [Benchmark(Description = "a prompt of 2,000 characters"), BenchmarkCategory(Plain)]
    public int Prompt() => Look(_prompt);

    [Benchmark(Description = "fourteen repetitions made to be slow, 100,000 characters each"), BenchmarkCategory(Plain)]
    public int Hostile() => Look(_hostile);

    [Benchmark(Description = "the same, 200,000 characters each"), BenchmarkCategory(Plain)]
    public int HostileTwice() => Look(_twice);

    [Benchmark(Description = "a stream of 1,000 updates of four characters"), BenchmarkCategory(Streamed)]
    public int Stream()
    {
        var stream = Redactor.OpenStream();
        var length = 0;
        foreach (var delta in _deltas)
            length += stream.Append(delta).Length;
        return length + stream.Complete().Length;
    }

    private static int Look(string[] texts)
    {
        var found = 0;
        foreach (var text in texts)
            found += Look(text);
        return found;
    }

    private static int Look(string text) => Redactor.Find(text).Count + InjectionDetector.Default.Evaluate(text).Score;
}
