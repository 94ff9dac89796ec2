namespace Evaluate;

/// <summary>The input is wrong. The message never holds a text of it.</summary>
internal sealed class InputException(string message, Exception? inner = null) : Exception(message, inner);
