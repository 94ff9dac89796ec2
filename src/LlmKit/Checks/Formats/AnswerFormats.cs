using System.Text.Json;
using LlmKit.Checks.Formats;

namespace LlmKit;

/// <summary>The forms that an answer can be held to.</summary>
public static class AnswerFormats
{
    /// <summary>Gets the form that the request itself asks for: JSON, with its schema, where <c>ChatOptions.ResponseFormat</c> says so; any text elsewhere.</summary>
    public static IAnswerFormat Requested { get; } = new RequestedFormat();

    /// <summary>Gets JSON of any shape.</summary>
    public static IAnswerFormat AnyJson { get; } = new JsonFormat(null);

    /// <summary>Gives JSON that fits a schema (JSON Schema 2020-12, local references).</summary>
    /// <param name="schema">The schema.</param>
    /// <returns>The form.</returns>
    /// <exception cref="ArgumentException">The schema says something that is not understood.</exception>
    public static IAnswerFormat Json(JsonElement schema) => new JsonFormat(Checks.Schemas.JsonSchema.Compile(schema));

    /// <summary>Gives one of a few answers, but for case, white space and a closing full stop.</summary>
    /// <param name="answers">The answers, such as labels.</param>
    /// <returns>The form.</returns>
    public static IAnswerFormat OneOf(params string[] answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        if (answers.Length == 0 || Array.Exists(answers, string.IsNullOrWhiteSpace))
            throw new ArgumentException("There must be an answer to choose, and none may be blank. Give the labels that are allowed.", nameof(answers));
        return new AllowedAnswers(answers);
    }

    /// <summary>Gives an answer all of which a regular expression matches, white space at its ends aside.</summary>
    /// <param name="pattern">The pattern, culture-invariant. It has 100 ms for an answer; what takes longer does not match.</param>
    /// <param name="explanation">What the pattern asks for, in words for the model that is to repair an answer.</param>
    /// <returns>The form.</returns>
    /// <exception cref="ArgumentException">The pattern is no regular expression.</exception>
    public static IAnswerFormat Matching(string pattern, string explanation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(pattern);
        ArgumentException.ThrowIfNullOrWhiteSpace(explanation);
        return new PatternFormat(pattern, explanation);
    }
}
