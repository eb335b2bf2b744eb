"""The people who have LINE here, and how each stands with our account."""

from dataclasses import dataclass
from hashlib import md5


@dataclass
class Person:
    """A LINE user. `friend` stays true while they block us, as at LINE."""

    id: str
    name: str
    language: str
    friend: bool = False
    blocked: bool = False

    @property
    def hears_us(self) -> bool:
        return self.friend and not self.blocked

    @property
    def initial(self) -> str:
        return self.name[0]


_CAST = (("花子", "ja"), ("太郎", "ja"), ("Mika", "en"), ("Ichiro", "ja"), ("Emma", "en"))


def cast() -> dict[str, Person]:
    """Everybody as at the start: nobody is a friend yet."""
    people = [Person(_id(name), name, language) for name, language in _CAST]
    return {person.id: person for person in people}


def _id(name: str) -> str:
    return "U" + md5(f"sandbox {name}".encode(), usedforsecurity=False).hexdigest()
