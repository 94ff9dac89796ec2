using System.Diagnostics;

namespace LlmKit.Soak.Guard;

/// <summary>Tells from time to time how far the soak is, and ends it when one case does not end.</summary>
internal sealed class Progress : IDisposable
{
    private readonly int _seed;
    private readonly TimeSpan _longest;
    private readonly Timer _timer;
    private long _begun;
    private int _case;

    public Progress(int seed, TimeSpan between, TimeSpan longest)
    {
        (_seed, _longest, _begun) = (seed, longest, Stopwatch.GetTimestamp());
        _timer = new(_ => Tell(), null, between, between);
    }

    public void Begin(int number)
    {
        Volatile.Write(ref _begun, Stopwatch.GetTimestamp());
        Volatile.Write(ref _case, number);
    }

    public void Dispose() => _timer.Dispose();

    private void Tell()
    {
        var number = Volatile.Read(ref _case);
        Console.WriteLine($"  at case {number}");
        if (Stopwatch.GetElapsedTime(Volatile.Read(ref _begun)) <= _longest)
            return;
        Console.WriteLine($"BROKEN: --seed {_seed} --case {number} does not end");
        Environment.Exit(1);
    }
}
