"""Dates, times, time zones, arithmetic, parsing and formatting."""

from datetime import UTC, date, datetime, time, timedelta, timezone

day = date(2024, 2, 29)
moment = datetime(2024, 2, 29, 13, 45, 1, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30)))
print(day, repr(day), day.isocalendar(), day.weekday(), day.toordinal(), day.replace(year=2020), day + timedelta(days=366))
print(moment, repr(moment), moment.astimezone(UTC), moment.utcoffset(), moment.timestamp())
print(moment.strftime("%Y-%m-%d %H:%M:%S.%f %z %j %a %B %p"), f"{moment:%d/%m/%y}", moment.isoformat(timespec="milliseconds"))
print(datetime.strptime("3 Mar 2021 04:05PM", "%d %b %Y %I:%M%p"), datetime.fromisoformat("2021-03-04T05:06:07+02:00"), date.fromisoformat("2021-W05-3"))
delta = timedelta(days=-1, hours=5, microseconds=7)
print(delta, repr(delta), abs(delta), delta * 2.5, delta // timedelta(hours=1), divmod(timedelta(10), timedelta(3)), delta.total_seconds())
print(time(1, 2, 3, tzinfo=UTC), time.fromisoformat("04:05:06.5"), time(23) > time(1), datetime.combine(day, time(9)))
print(datetime.fromtimestamp(0, UTC), datetime.max, date.min, timedelta.resolution, sorted([date(2021, 1, 1), date(2020, 1, 1)])[0])
for attempt in (lambda: date(2023, 2, 29), lambda: moment < datetime(2024, 1, 1), lambda: date.max + timedelta(1), lambda: datetime.fromisoformat("x")):
    try:
        attempt()
    except (ValueError, TypeError, OverflowError) as error:
        print(type(error).__name__, error)
