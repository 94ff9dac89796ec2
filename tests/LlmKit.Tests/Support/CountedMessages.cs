using System.Collections;
using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Support;

/// <summary>Messages that count how often they are enumerated.</summary>
internal sealed class CountedMessages : IEnumerable<ChatMessage>
{
    public int Enumerations { get; private set; }

    public IEnumerator<ChatMessage> GetEnumerator()
    {
        Enumerations++;
        yield return new(ChatRole.User, "one");
        yield return new(ChatRole.User, "two");
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
