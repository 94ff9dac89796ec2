using System.Buffers;
using LlmKit.Text.Scanning;
using LlmKit.Text.Streaming;

namespace LlmKit.Text.Secrets.Rules;

/// <summary>A token behind a reserved prefix: so many characters of a class, and then none of it.</summary>
internal sealed class TokenRule(string name, params string[] prefixes) : SecretRule(name, prefixes)
{
    private const int Sample = 64;
    private const int LongPiece = 16;
    private const int ManyNumbers = 3;
    private readonly RunTail _tail = new();

    /// <summary>The characters with which the body can begin, where the prefix alone is too short a word to search for.</summary>
    public string First { get; init; } = string.Empty;

    public override IEnumerable<string> Words => First.Length == 0 ? Anchors : Anchors.SelectMany(anchor => First, (anchor, c) => anchor + c);

    /// <summary>The characters of the body.</summary>
    public SearchValues<char> Class { get => _tail.Class; init => _tail = new RunTail { Class = value }; }

    /// <summary>The least number of characters of the body, 1 to 512.</summary>
    public int Least { get; init; } = 20;

    /// <summary>The greatest number of characters of the body; null for no limit.</summary>
    public int? Most { get; init; }

    /// <summary>What must follow the body.</summary>
    public string Suffix { get; init; } = string.Empty;

    public DetectionScore Score { get; init; } = DetectionScore.High;

    /// <summary>Whether a digit and a letter must be among the first characters, since the prefix alone could begin a word.</summary>
    public bool NeedsDigit { get; init; }

    /// <summary>Whether the prefix also begins names of things, which are words with hyphens between them.</summary>
    public bool IsVague { get; init; }

    /// <summary>Whether the prefix is telling wherever it stands, even behind a letter.</summary>
    public bool StandsAnywhere { get; init; }

    /// <summary>Whether the prefix is no part of the secret and stays, as in <c>AccountKey=</c>.</summary>
    public bool KeepsPrefix { get; init; }

    public override bool TryMatch(ref TextCursor cursor, int anchor, out TextHit hit)
    {
        hit = default;
        if (!StandsAnywhere && !Chars.IsLeftBoundary(ref cursor, anchor))
            return false;
        var body = SkipAnchor(ref cursor, anchor);
        if (body < 0)
            return false;

        var limit = body + (Most + 1 ?? Least);
        var end = body;
        while (end < limit && Class.Contains(cursor[end]))
            end++;
        // A hyphen that stands between the parts of a token does not end it.
        if (end - body < Least || end - body > Most || (Class == SecretClasses.Hyphenated && cursor[end - 1] == '-'))
            return false;

        var sample = cursor.Slice(body, Math.Min(end - body, Most is null ? Math.Min(Least, Sample) : Sample));
        if (!IsRandom(sample) || (NeedsDigit && !sample.ContainsAnyInRange('0', '9')) || (IsVague && IsName(sample)))
            return false;
        if (Suffix.Length > 0 && !cursor.StartsWith(end, Suffix))
            return false;

        var start = KeepsPrefix ? body : anchor;
        hit = Most is null
            ? Hit(start, _tail.Extend(ref cursor, end), Score, _tail)
            : Hit(start, end + Suffix.Length, Score);
        return true;
    }

    // "sk-learn-pipeline-2": words and few numbers, and no piece that is long.
    private static bool IsName(ReadOnlySpan<char> sample)
    {
        foreach (var range in sample.SplitAny('-', '_'))
        {
            if (sample[range].Length >= LongPiece && sample[range].ContainsAnyInRange('0', '9'))
                return false;
        }

        var numbers = 0;
        for (var i = 1; i < sample.Length; i++)
            numbers += Chars.IsDigit(sample[i]) && !Chars.IsDigit(sample[i - 1]) ? 1 : 0;
        return numbers < ManyNumbers || !sample.ContainsAnyInRange('A', 'Z') || !sample.ContainsAnyInRange('a', 'z');
    }

    private sealed class RunTail : UnboundedTail
    {
        public SearchValues<char> Class { get; init; } = SecretClasses.Url;

        protected override int Follow(ref TextCursor cursor, int position)
        {
            while (Class.Contains(cursor[position]))
                position++;
            return position;
        }
    }
}
