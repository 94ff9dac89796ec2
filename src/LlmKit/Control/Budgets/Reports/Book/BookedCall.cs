namespace LlmKit.Control.Budgets.Reports.Book;

/// <summary>What the book knows of a call while it runs.</summary>
/// <param name="Day">The number of the day in which it started.</param>
/// <param name="Request">The hash of its request; <see langword="null"/> for one that repeats nothing.</param>
/// <param name="IsRepeat">Whether an equal request was answered before it.</param>
internal sealed record BookedCall(int Day, UInt128? Request, bool IsRepeat);
