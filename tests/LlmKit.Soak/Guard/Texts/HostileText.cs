using System.Text;

namespace LlmKit.Soak.Guard.Texts;

/// <summary>A text that was drawn, and the names of what it is made of.</summary>
internal sealed record HostileText(string Text, string Recipe)
{
    private static readonly string[] s_glue = ["", "", "", " ", " ", ", ", ". ", "\n", "\r\n", "-", ":", "/", "=", "\"", "\u200B", "\t", "\\n"];

    /// <summary>Glues fragments, some of them mutated.</summary>
    public static HostileText Draw(GuardCase one, int most = 14)
    {
        var pieces = 1 + one.Chance.Next(most);
        var text = new StringBuilder();
        var names = new List<string>();
        for (var i = 0; i < pieces; i++)
        {
            var piece = Piece(one);
            text.Append(piece.Text).Append(one.Pick(s_glue));
            names.Add(piece.Recipe);
        }

        return Wrapped(one, new(text.ToString(), string.Join("+", names)));
    }

    /// <summary>Repeats one or two fragments, behind another at times.</summary>
    public static HostileText Repeat(GuardCase one, int length)
    {
        var (text, recipe) = Repetition(one);
        return new(text(length), $"{recipe} to {length}");
    }

    /// <summary>Draws what is repeated: a function that gives so many characters of it.</summary>
    public static (Func<int, string> OfLength, string Recipe) Repetition(GuardCase one)
    {
        var head = one.Once(2) ? Piece(one) : new("", "");
        var unit = Piece(one);
        if (one.Once(2))
            unit = Joined(unit, one.Pick(s_glue), Piece(one));
        else if (one.Once(3))
            unit = new(unit.Text[..1], unit.Recipe + "'s first");
        return (length =>
        {
            var text = new StringBuilder(head.Text, length + unit.Text.Length);
            while (text.Length < length)
                text.Append(unit.Text);
            return text.ToString(0, length);
        }, $"{head.Recipe} then {unit.Recipe} repeated");
    }

    /// <summary>Draws ways to cut a text: the lengths of its pieces, used in turn.</summary>
    public static int[] Cuts(GuardCase one, int length)
    {
        // Cut into single characters, a long text would only take time.
        var least = length > 4_000 ? 200 : 1;
        int[] most = [least, least + 9, least + 300, length + 1];
        var longest = one.Pick(most);
        return [.. Enumerable.Range(0, 1 + one.Chance.Next(8)).Select(_ => one.Chance.Next(least, longest + 1))];
    }

    public static IEnumerable<string> Pieces(string text, int[] cuts)
    {
        for (int position = 0, i = 0; position < text.Length; i++)
        {
            var length = Math.Min(cuts[i % cuts.Length], text.Length - position);
            yield return text.Substring(position, length);
            position += length;
        }
    }

    private static HostileText Piece(GuardCase one)
    {
        var fragment = one.Pick(Fragments.All);
        var piece = new HostileText(fragment.Text, fragment.Name);
        return one.Once(3) ? Mutation.Apply(one, piece) : piece;
    }

    private static HostileText Joined(HostileText first, string glue, HostileText second) =>
        new(first.Text + glue + second.Text, $"{first.Recipe}+{second.Recipe}");

    private static HostileText Wrapped(GuardCase one, HostileText text) => one.Once(6) ? Mutation.Wrap(one, text) : text;
}
