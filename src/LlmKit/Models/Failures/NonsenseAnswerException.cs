namespace LlmKit.Models;

/// <summary>A client gave no answer where it owed one.</summary>
internal sealed class NonsenseAnswerException(string model)
    : LlmException($"The client of the model '{model}' returned nothing. Return a ChatResponse, or throw what went wrong.");
