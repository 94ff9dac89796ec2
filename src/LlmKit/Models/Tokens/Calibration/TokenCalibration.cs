namespace LlmKit.Models;

/// <summary>What is learnt about one model's tokenizer from the usage that it reports: factors for the likely tokens of each kind, and one for the worst case.</summary>
/// <remarks>
/// <para>Thread-safe, of fixed size, and free of allocation. An estimate takes a scan of all text, so that not every call is learnt from: the first
/// 256 of a model are, then one in 128, and again 16 in a row after one that was off by far more than usual.</para>
/// <para>Reports that cannot be true, none or fewer than a sixteenth or more than sixteen times the tokens estimated, are not believed. The worst case takes
/// note of every call, because that costs no scan.</para>
/// </remarks>
internal sealed class TokenCalibration
{
    private const int FirstCalls = 256;
    private const int CallsPerLesson = 128;
    private const int LessonsAfterASurprise = 16;
    private const double MostRatio = 16;

    private readonly Lock _lock = new();
    private readonly FactorRegression _factors = new();
    private readonly WorstCaseFactor _worst = new();
    private int _lessons = FirstCalls;
    private int _calls;

    /// <summary>Gives the likely tokens of an estimate by kind.</summary>
    public long Correct(in TokenMix mix)
    {
        var units = 0.0;
        for (var kind = 0; kind < TokenMix.Length; kind++)
            units += _factors[kind] * mix[kind];
        return TokenMix.Tokens((long)units);
    }

    /// <summary>Gives the tokens to reserve where the model's tokenizer is not known.</summary>
    public long WorstCase(long worst) => _worst.Apply(worst);

    /// <summary>Takes note of a request's real tokens, and says whether its estimate is wanted too.</summary>
    /// <param name="worst">Its worst case, not raised.</param>
    /// <param name="reported">The tokens reported.</param>
    public bool Note(long worst, long reported)
    {
        _worst.Note(worst, reported);
        // Two threads may count as one here, which only shifts a lesson.
        return _lessons > 0 || ++_calls % CallsPerLesson == 0;
    }

    /// <summary>Learns from an estimate by kind and the tokens reported. Skipped when another thread learns.</summary>
    public void Learn(in TokenMix mix, long reported)
    {
        var ratio = reported * (double)TokenMix.Unit / mix.Sum;
        if (ratio is not (> 1 / MostRatio and < MostRatio) || !_lock.TryEnter())
            return;
        try
        {
            var isSurprise = _factors.Learn(mix, ratio);
            if (_lessons > 0)
            {
                _lessons--;
            }
            else if (isSurprise)
            {
                _factors.Doubt();
                _lessons = LessonsAfterASurprise;
            }
        }
        finally
        {
            _lock.Exit();
        }
    }
}
