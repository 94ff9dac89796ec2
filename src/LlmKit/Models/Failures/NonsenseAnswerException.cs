namespace LlmKit.Models;

/// <summary>A client gave no answer where it owed one, or one with holes in it.</summary>
internal sealed class NonsenseAnswerException(string model)
    : LlmException($"The client of the model '{model}' returned null, or an answer with a null in it. Return a ChatResponse of messages and contents, or throw what went wrong.");
