namespace LlmKit.Simulator.Answers;

/// <summary>Divides a tool call's arguments into the pieces of a stream: a few characters each, no character torn.</summary>
internal static class ArgumentPieces
{
    private const int Length = 8;

    public static List<string> Split(string arguments)
    {
        var pieces = new List<string>();
        for (var start = 0; start < arguments.Length;)
        {
            var end = Math.Min(arguments.Length, start + Length);
            if (end < arguments.Length && char.IsHighSurrogate(arguments[end - 1]))
                end++;
            pieces.Add(arguments[start..end]);
            start = end;
        }

        return pieces;
    }
}
