namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>How much of the gap between two models is recovered from score to score: of some requests, or of a sample of them. Not thread-safe.</summary>
internal sealed class RecoveredGap
{
    /// <summary>What is less than this part of all that is won and lost is what binary digits make of nothing.</summary>
    private const double Rounding = 1e-9;

    private readonly double[] _gains;
    private readonly int[] _ends;
    private readonly double[] _taken;
    private readonly double[] _gained;

    /// <param name="sorted">The requests, those of the highest score first.</param>
    public RecoveredGap(ScoredOutcome[] sorted)
    {
        _gains = Array.ConvertAll(sorted, outcome => outcome.Strong - outcome.Weak);
        _ends = [.. Enumerable.Range(1, sorted.Length).Where(end => end == sorted.Length || sorted[end].Score != sorted[end - 1].Score)];
        (_taken, _gained) = (new double[_ends.Length + 1], new double[_ends.Length + 1]);
        Sum(counts: null);
    }

    /// <summary>Gets the gap: by how much better all answers of the strong model are than those of the weak one, together; 0 where that is no more than rounding.</summary>
    public double Gap { get; private set; }

    /// <summary>Gets the mean part that is recovered, by trapezoids from score to score; <see langword="null"/> where there is no gap.</summary>
    public double? Apgr
    {
        get
        {
            var area = 0.0;
            for (var step = 1; step < _taken.Length; step++)
                area += (_taken[step] - _taken[step - 1]) * (_gained[step - 1] + ((_gained[step] - _gained[step - 1]) / 2));
            return Gap == 0 ? null : area / _taken[^1] / Gap;
        }
    }

    /// <summary>Takes each request so often, or once.</summary>
    public void Sum(int[]? counts)
    {
        var size = 0.0;
        for (var (step, at) = (0, 0); step < _ends.Length; step++)
        {
            var (taken, gained) = (0, 0.0);
            for (; at < _ends[step]; at++)
            {
                var times = counts?[at] ?? 1;
                taken += times;
                gained += times * _gains[at];
                size += times * Math.Abs(_gains[at]);
            }

            (_taken[step + 1], _gained[step + 1]) = (_taken[step] + taken, _gained[step] + gained);
        }

        Gap = Math.Abs(_gained[^1]) > Rounding * size ? _gained[^1] : 0;
    }

    /// <summary>Gives how much better the answers are than the weak model's, together, where a share of the requests goes to the strong one.</summary>
    public double GainedAt(double share)
    {
        var wanted = share * _taken[^1];
        var step = 1;
        while (step < _taken.Length - 1 && _taken[step] < wanted)
            step++;
        // A sample may have taken no request of a score.
        var width = _taken[step] - _taken[step - 1];
        return width == 0 ? _gained[step - 1] : _gained[step - 1] + ((wanted - _taken[step - 1]) / width * (_gained[step] - _gained[step - 1]));
    }

    /// <summary>Gives the part that is recovered at a share.</summary>
    public double? Pgr(double share) => Gap == 0 ? null : GainedAt(share) / Gap;

    /// <summary>Gives the least share at which a part is recovered, at most all.</summary>
    public double? Cpt(double part)
    {
        for (var step = 1; step < _taken.Length && Gap != 0; step++)
        {
            var (before, reached) = (_gained[step - 1] / Gap, _gained[step] / Gap);
            if (reached >= part)
                return (_taken[step - 1] + ((part - before) / (reached - before) * (_taken[step] - _taken[step - 1]))) / _taken[^1];
        }

        return null;
    }
}
