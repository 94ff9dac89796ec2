namespace LlmKit.Simulator.Answers;

/// <summary>Divides a text into the pieces of a stream; together they are the text again.</summary>
internal static class WordChunks
{
    public static List<string> Split(string text, int wordsPerChunk)
    {
        var chunks = new List<string>();
        var (start, words) = (0, 0);
        for (var i = 1; i < text.Length; i++)
        {
            var wordEnds = char.IsWhiteSpace(text[i]) && !char.IsWhiteSpace(text[i - 1]);
            if (!wordEnds || ++words < wordsPerChunk)
                continue;

            chunks.Add(text[start..i]);
            (start, words) = (i, 0);
        }

        if (start < text.Length)
            chunks.Add(text[start..]);
        return chunks;
    }
}
