/** Longer than any `sid` seen, and than a `sub` may be (OpenID Connect Core 1.0 section 2): what is longer names nobody here. */
export const SID_CHARACTERS_MAX = 512;
