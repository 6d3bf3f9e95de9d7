"""What a browser says of itself, in two words; and an address, so short that it tells a person where they were and nobody else more."""

import ipaddress

# The first that is found in a User-Agent: most browsers also call themselves by the names of others.
BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("QQBrowser", "QQ Browser"),
    ("360SE", "360"),
    ("QIHU", "360"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("UOS", "UOS"),
    ("Kylin", "Kylin"),
    ("Linux", "Linux"),
)


def device(user_agent: str) -> tuple[str, str]:
    """(browser, system), each empty where it is not known."""
    return _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)


def _first(names, text: str) -> str:
    return next((name for sign, name in names if sign in text), "")


def shortened(address: str) -> str:
    """192.0.2.… or 2001:db8:7:…; empty where it is none."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    found = getattr(found, "ipv4_mapped", None) or found
    if found.version == 4:
        return ".".join(str(found).split(".")[:3]) + ".…"
    return ":".join(part.lstrip("0") or "0" for part in found.exploded.split(":")[:3]) + ":…"
