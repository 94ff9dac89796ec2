namespace Quickstart;

/// <summary>What got to where it does not belong.</summary>
internal enum LeakKind
{
    /// <summary>An e-mail address, card or account reached a provider.</summary>
    PersonalDataToProvider,

    /// <summary>An API key reached a provider.</summary>
    KeyToProvider,

    /// <summary>An answer held something of another user of the same tenant.</summary>
    OtherUser,

    /// <summary>An answer held something of another tenant.</summary>
    OtherTenant,

    /// <summary>An answer held the confidential part of the tenant's own system prompt.</summary>
    SystemPrompt,
}
