namespace LlmKit.Benchmarks.Tokens;

/// <summary>A tokenizer whose counts the corpus holds.</summary>
internal enum Tokenizer
{
    /// <summary>OpenAI's o200k_base.</summary>
    O200k,

    /// <summary>The older one of Anthropic's that is public.</summary>
    Claude,
}
