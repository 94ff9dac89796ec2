namespace LlmKit.Benchmarks.Tokens;

/// <summary>A text and the tokens that two tokenizers count for it.</summary>
internal sealed record CorpusText(string Kind, int O200k, int Claude, string Text)
{
    public int CountOf(Tokenizer tokenizer) => tokenizer == Tokenizer.O200k ? O200k : Claude;
}
