namespace LlmKit.Checks.Schemas;

/// <summary>One way in which a document breaks a schema. It never holds a value of the document, nor a member's name that the schema does not declare.</summary>
/// <param name="Path">The place in the document as a JSON pointer (RFC 6901); <c>*</c> stands for a member that the schema does not name.</param>
/// <param name="Keyword">The keyword that failed, such as <c>required</c>.</param>
/// <param name="Message">What is asked for, in words that a model can act on.</param>
internal readonly record struct SchemaError(string Path, string Keyword, string Message);
