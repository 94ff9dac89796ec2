namespace LlmKit.Control.Guardrails;

/// <summary>Notices a model that says the same for ever.</summary>
/// <remarks>
/// Every 64 characters of a text, wherever its pieces end, it looks for a period in the last characters: the shortest period of a suffix is its
/// length less its longest border (Knuth, Morris and Pratt), here over the text read backwards. Work and memory for each character are bounded.
/// </remarks>
/// <param name="most">How many characters may repeat, in characters.</param>
internal sealed class RepetitionWatch(int most)
{
    private const int Step = 64;
    private const int LeastRepeats = 8;

    private readonly char[] _tail = new char[2 * most];
    private readonly int[] _borders = new int[most];
    private int _kept;
    private int _sinceStep;

    /// <summary>Takes the next piece; gives the index in it at which the repetition is certain, or <see langword="null"/>.</summary>
    public int? EndOfSense(ReadOnlySpan<char> piece)
    {
        for (var position = 0; position < piece.Length;)
        {
            var slice = Math.Min(Step - _sinceStep, piece.Length - position);
            Keep(piece.Slice(position, slice));
            position += slice;
            _sinceStep += slice;
            if (_sinceStep < Step)
                continue;
            _sinceStep = 0;
            if (Repeats())
                return position;
        }

        return null;
    }

    private void Keep(ReadOnlySpan<char> slice)
    {
        if (_kept + slice.Length > _tail.Length)
        {
            _tail.AsSpan(_kept - most, most).CopyTo(_tail);
            _kept = most;
        }

        slice.CopyTo(_tail.AsSpan(_kept));
        _kept += slice.Length;
    }

    private bool Repeats()
    {
        if (_kept < most)
            return false;
        var backwards = _tail.AsSpan(_kept - most, most);
        _borders[0] = 0;
        var border = 0;
        for (var i = 1; i < most; i++)
        {
            var c = backwards[most - 1 - i];
            while (border > 0 && backwards[most - 1 - border] != c)
                border = _borders[border - 1];
            if (backwards[most - 1 - border] == c)
                border++;
            _borders[i] = border;
        }

        return most - border <= most / LeastRepeats;
    }
}
