//! The usual services and protocols, for hosts that have no list of them.

/// Services: name, port, and whether they are found under TCP and under UDP.
const SERVICES: &[(&str, u16, &[&str])] = &[
    ("echo", 7, &["tcp", "udp"]),
    ("discard", 9, &["tcp", "udp"]),
    ("daytime", 13, &["tcp", "udp"]),
    ("ftp-data", 20, &["tcp"]),
    ("ftp", 21, &["tcp"]),
    ("ssh", 22, &["tcp"]),
    ("telnet", 23, &["tcp"]),
    ("smtp", 25, &["tcp"]),
    ("time", 37, &["tcp", "udp"]),
    ("whois", 43, &["tcp"]),
    ("domain", 53, &["tcp", "udp"]),
    ("tftp", 69, &["udp"]),
    ("http", 80, &["tcp"]),
    ("kerberos", 88, &["tcp", "udp"]),
    ("pop3", 110, &["tcp"]),
    ("nntp", 119, &["tcp"]),
    ("ntp", 123, &["udp"]),
    ("imap2", 143, &["tcp"]),
    ("snmp", 161, &["tcp", "udp"]),
    ("irc", 194, &["tcp", "udp"]),
    ("ldap", 389, &["tcp", "udp"]),
    ("https", 443, &["tcp", "udp"]),
    ("submission", 587, &["tcp"]),
    ("ldaps", 636, &["tcp", "udp"]),
    ("imaps", 993, &["tcp"]),
    ("pop3s", 995, &["tcp"]),
    ("mysql", 3306, &["tcp"]),
    ("postgresql", 5432, &["tcp"]),
];

const PROTOCOLS: &[(&str, i32)] = &[
    ("ip", 0),
    ("icmp", 1),
    ("igmp", 2),
    ("ipencap", 4),
    ("tcp", 6),
    ("egp", 8),
    ("udp", 17),
    ("ipv6", 41),
    ("rsvp", 46),
    ("gre", 47),
    ("esp", 50),
    ("ah", 51),
    ("ipv6-icmp", 58),
    ("ospf", 89),
    ("pim", 103),
    ("sctp", 132),
    ("udplite", 136),
];

/// The port of a service, under a protocol or under any.
pub fn port(name: &str, protocol: Option<&str>) -> Option<u16> {
    let entry = SERVICES.iter().find(|(known, _, under)| *known == name && protocol.is_none_or(|wanted| under.contains(&wanted)))?;
    Some(entry.1)
}

/// The service at a port, under a protocol or under any.
pub fn service(port: u16, protocol: Option<&str>) -> Option<&'static str> {
    let entry = SERVICES.iter().find(|(_, known, under)| *known == port && protocol.is_none_or(|wanted| under.contains(&wanted)))?;
    Some(entry.0)
}

/// The number of a protocol.
pub fn protocol(name: &str) -> Option<i32> {
    PROTOCOLS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, number)| *number)
}
