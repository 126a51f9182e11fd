"""Sellers bring Salesforce reports, Zoho, Close and Bitrix24 here: one small story for each."""

import pytest

NOW = "2026-04-01T12:00:00Z"


@pytest.fixture
def export(tmp_path):
    def export(encoding="utf-8", **tables):
        folder = tmp_path / "export"
        folder.mkdir(exist_ok=True)
        for name, text in tables.items():
            (folder / f"{name}.csv").write_text(text, encoding=encoding)
        return folder

    return export


@pytest.fixture
def bring(quick):
    def bring(path, program):
        ran = quick("import", str(path), "--make-playbook", "brought", "--json", now=NOW)
        assert ran.code == 0, ran
        assert ran.json["program"] == program
        return ran.json

    return bring


@pytest.fixture
def unchanged(quick, bring, dump):
    """A second import changes nothing, and the doctor is content."""

    def unchanged(path, program):
        before = dump()
        bring(path, program)
        assert dump() == before
        doctor = quick("doctor")
        assert doctor.code == 0, doctor

    return unchanged


def stages(quick):
    ran = quick("report", "throughput", "--playbook", "brought", "--json", now=NOW)
    found = {stage["title"]: (stage["kind"], stage["entered"], stage["now"]) for stage in ran.json["stages"]}
    return {title: stage for title, stage in found.items() if stage[1]}


def skipped(told):
    return [(one["file"], one["row"], one["reason"]) for one in told["skipped"]]


DEALS = """SELECT a.name, d.name, d.amount_cents, d.expected_close
           FROM deal AS d JOIN account AS a ON a.id = d.account_id ORDER BY d.id"""
CONTACTS = "SELECT a.name, c.name, c.email FROM contact AS c JOIN account AS a ON a.id = c.account_id ORDER BY c.id"
WAYS = "SELECT d.name, stage, entered_at FROM visit AS v JOIN deal AS d ON d.id = v.deal_id ORDER BY d.id, number"
TOUCHES = """SELECT a.name, d.name, kind, direction, outcome, text, at FROM touch AS t
             JOIN account AS a ON a.id = t.account_id LEFT JOIN deal AS d ON d.id = t.deal_id ORDER BY at"""


# Salesforce: reports, with labels as headers and a footer.

FOOTER = "\n\nGrand Totals (9 Records)\nCopyright (c) 2000-2026 salesforce.com\n"
REPORT = """\
Opportunity Owner,Account Name,Opportunity Name,Stage,Amount,Probability (%),Close Date,Closed,Won,Opportunity ID
Mia Lund,Juniper Spa,Booking tool,Proposal,"1,250.00",50,5/31/2026,0,0,006D000000IRFma
Mia Lund,Kestrel Bikes,Repair log,Closed Won,800.00,100,2/20/2026,1,1,006D000000IRFmb
"""
HISTORY_REPORT = """\
Opportunity Name,From Stage,To Stage,Last Modified,Opportunity ID
Booking tool,Prospecting,Proposal,2/3/2026,006D000000IRFma
Booking tool,,Prospecting,1/5/2026,006D000000IRFma
Repair log,,Prospecting,1/7/2026,006D000000IRFmb
Repair log,Prospecting,Closed Won,2/20/2026,006D000000IRFmb
"""
FIELD_REPORT = """\
Opportunity Name,Field / Event,Old Value,New Value,Edit Date,Opportunity ID
Booking tool,Stage,Prospecting,Proposal,2/3/2026,006D000000IRFma
Booking tool,Amount,1000,1250,2/4/2026,006D000000IRFma
Repair log,Stage,Prospecting,Closed Won,2/20/2026,006D000000IRFmb
"""
ACTIVITY_REPORT = """\
Subject,Date,Assigned,Company / Account,Opportunity ID,Contact,Task Subtype,Activity ID
Asked about spring,1/9/2026,Mia Lund,Juniper Spa,006D000000IRFma,Iris Vale,Call,00TD000000IRFma
Sent brochure,1/10/2026,Mia Lund,Kestrel Bikes,,,Email,00TD000000IRFmb
"""
SALESFORCE_WAYS = [
    ("Booking tool", "prospecting", "2026-01-05"),
    ("Booking tool", "proposal", "2026-02-03"),
    ("Repair log", "prospecting", "2026-01-07"),
    ("Repair log", "closed-won", "2026-02-20"),
]


def test_salesforce_reports_on_deals_their_history_and_activities(quick, bring, export, rows, unchanged):
    reports = {"report1": REPORT, "report2": HISTORY_REPORT, "report3": ACTIVITY_REPORT}
    folder = export(**{name: text + FOOTER for name, text in reports.items()})
    told = bring(folder, "Salesforce")
    assert rows(DEALS) == [
        ("Juniper Spa", "Booking tool", 125_000, "2026-05-31"),
        ("Kestrel Bikes", "Repair log", 80_000, "2026-02-20"),
    ]
    assert rows(WAYS) == SALESFORCE_WAYS
    assert stages(quick) == {
        "Prospecting": ("open", 2, 0),
        "Proposal": ("open", 1, 1),
        "Closed Won": ("won", 1, 1),
    }
    assert rows(TOUCHES) == [
        ("Juniper Spa", "Booking tool", "call", "out", "", "Asked about spring", "2026-01-09"),
        ("Kestrel Bikes", "Repair log", "email", "out", "", "Sent brochure", "2026-01-10"),
    ]
    assert [(file, row) for file, row, _ in skipped(told)] == [
        ("report1.csv", 6), ("report1.csv", 7), ("report2.csv", 8), ("report2.csv", 9), ("report3.csv", 6),
        ("report3.csv", 7),
    ]  # fmt: skip
    unchanged(folder, "Salesforce")


def test_a_salesforce_report_on_field_history_gives_the_stages_entered(quick, bring, export, rows, unchanged):
    folder = export(report1=REPORT, report2=FIELD_REPORT)
    assert skipped(bring(folder, "Salesforce")) == []
    assert [way for way in rows(WAYS) if way[1] != "prospecting"] == SALESFORCE_WAYS[1::2]
    unchanged(folder, "Salesforce")


def test_salesforce_reports_without_ids_are_joined_by_the_names_of_deals(bring, export, rows):
    def without_id(text):
        return "\n".join(line.rpartition(",")[0] for line in text.splitlines()) + "\n"

    folder = export(report1=without_id(REPORT), report2=without_id(HISTORY_REPORT))
    assert skipped(bring(folder, "Salesforce")) == []
    assert rows(WAYS) == SALESFORCE_WAYS


def test_a_german_salesforce_report(quick, bring, export, rows, unchanged):
    path = export(
        report="Opportunity-Name,Phase,Betrag,Schlusstermin,Accountname,Opportunity-Inhaber,Opportunity-ID\n"
        'Kasse,Angebot,"1.250,50",31.05.2026,Wacholder Spa,Mia Lund,006D000000IRFma\n'
        'Schild,Closed Won,"80,00",20.02.2026,Falken Räder,Mia Lund,006D000000IRFmb\n'
    ) / "report.csv"  # fmt: skip
    bring(path, "Salesforce")
    assert rows(DEALS) == [
        ("Wacholder Spa", "Kasse", 125_050, "2026-05-31"),
        ("Falken Räder", "Schild", 8_000, "2026-02-20"),
    ]
    assert stages(quick) == {"Angebot": ("open", 1, 1), "Closed Won": ("won", 1, 1)}
    unchanged(path, "Salesforce")


# Zoho: ids with "zcrm_" in backups and without in lists.

ZOHO_ACCOUNTS = """\
Record Id,Account Name,Account Owner,Website
zcrm_11,Linden Press,Kai Berg,www.linden.example
zcrm_12,Marble Yard,Kai Berg,
"""
ZOHO_CONTACTS = """\
Record Id,First Name,Last Name,Email,Account Name.id,Account Name,Contact Owner
zcrm_21,Ola,Frost,ola@linden.example,zcrm_11,Linden Press,Kai Berg
zcrm_22,Pia,Snow,pia@nowhere.example,,,Kai Berg
"""
ZOHO_DEALS = """\
Record Id,Deal Name,Account Name.id,Account Name,Stage,Amount,Probability (%),Closing Date,Deal Owner,Contact Name.id
zcrm_31,Posters,zcrm_11,Linden Press,Proposal,1250.5,60,2026-05-31,Kai Berg,zcrm_21
zcrm_32,Worktop,zcrm_12,Marble Yard,Closed Won,900,100,2026-02-20,Kai Berg,
zcrm_33,Statue,zcrm_12,Marble Yard,Closed-Lost to Competition,,0,2026-03-01,Kai Berg,
"""
ZOHO_HISTORY = """\
Deal Name.id,Stage,Modified Time,Stage Duration (Calendar Days),Amount,Probability (%)
31,Qualification,2026-01-05 09:00:00,29,1000,10
31,Proposal,2026-02-03 09:00:00,,1250.5,60
32,Qualification,2026-01-07 09:00:00,44,900,10
32,Closed Won,2026-02-20 15:00:00,,900,100
"""
ZOHO_CALLS = """\
Record Id,Subject,Call Type,Call Start Time,Call Owner,Call Result,Related To.id
zcrm_41,Paper,Inbound,2026-01-06 10:00:00,Kai Berg,Interested,zcrm_31
zcrm_42,Stone,Outbound,2026-01-08 10:00:00,Kai Berg,No response/Busy,32
zcrm_43,Whose,Outbound,2026-01-08 10:00:00,Kai Berg,,99
"""
ZOHO = {"Accounts": ZOHO_ACCOUNTS, "Contacts": ZOHO_CONTACTS, "Deals": ZOHO_DEALS, "History": ZOHO_HISTORY}


def test_a_zoho_backup_with_its_stage_history(quick, bring, export, rows, unchanged):
    folder = export(**ZOHO, Calls=ZOHO_CALLS)
    told = bring(folder, "Zoho CRM")
    assert rows(DEALS) == [
        ("Linden Press", "Posters", 125_050, "2026-05-31"),
        ("Marble Yard", "Worktop", 90_000, "2026-02-20"),
        ("Marble Yard", "Statue", None, "2026-03-01"),
    ]
    assert rows(CONTACTS) == [("Linden Press", "Ola Frost", "ola@linden.example")]
    assert rows(WAYS) == [
        ("Posters", "qualification", "2026-01-05T09:00:00Z"),
        ("Posters", "proposal", "2026-02-03T09:00:00Z"),
        ("Worktop", "qualification", "2026-01-07T09:00:00Z"),
        ("Worktop", "closed-won", "2026-02-20T15:00:00Z"),
        ("Statue", "closed-lost-to-competition", "2026-03-01"),
    ]
    assert stages(quick) == {
        "Qualification": ("open", 2, 0),
        "Proposal": ("open", 1, 1),
        "Closed Won": ("won", 1, 1),
        "Closed-Lost to Competition": ("lost", 1, 1),
    }
    assert rows(TOUCHES) == [
        ("Linden Press", "Posters", "call", "in", "answered", "Paper", "2026-01-06T10:00:00Z"),
        ("Marble Yard", "Worktop", "call", "out", "no-answer", "Stone", "2026-01-08T10:00:00Z"),
    ]
    assert skipped(told) == [
        ("Calls.csv", 4, 'belongs to the deal "99", which is not there'),
        ("Contacts.csv", 3, "has no account"),
    ]
    unchanged(folder, "Zoho CRM")


def test_old_zoho_potentials_are_deals(quick, bring, export, rows, unchanged):
    text = ZOHO_DEALS.replace("Deal Name", "Potential Name").replace("Deal Owner", "Potential Owner")
    path = export(Potentials=text) / "Potentials.csv"
    bring(path, "Zoho CRM")
    assert [deal[:2] for deal in rows(DEALS)] == [
        ("Linden Press", "Posters"),
        ("Marble Yard", "Worktop"),
        ("Marble Yard", "Statue"),
    ]
    unchanged(path, "Zoho CRM")


# Close: leads are companies, opportunities go by their names.

CLOSE_LEADS = """\
id,display_name,status_label,url,primary_contact_name,primary_contact_primary_email,primary_contact_title
lead_1,Nettle Tea,Customer,https://nettle.example,Una Birk,una@nettle.example,Owner
lead_2,Orchard Tools,Potential,,Val Dorn,val@orchard.example,
"""
CLOSE_OPPORTUNITIES = """\
id,lead_id,lead_name,status_label,status_type,value,value_period,date_won,date_lost,user_name,contact_name
oppo_1,lead_1,Nettle Tea,Demo,active,50000,one_time,,,Kai Berg,Una Birk
oppo_2,lead_2,Orchard Tools,Won,won,70000,one_time,2026-02-20,,Kai Berg,Val Dorn
oppo_3,lead_2,Orchard Tools,Too expensive,lost,1,one_time,2026-05-01,2026-03-01,Kai Berg,
"""
CLOSE_CHANGES = """\
id,opportunity_id,old_status_label,new_status_label,date_created
acti_1,oppo_1,Talk,Demo,2026-02-03T09:00:00.123000+00:00
acti_2,oppo_2,Demo,Won,2026-02-20T10:00:00.000000+00:00
"""
CLOSE_ACTIVITIES = """\
id,_type,lead_id,lead_name,date_created,direction,disposition,note,user_name
acti_8,Call,lead_1,Nettle Tea,2026-01-09T09:00:00+00:00,outbound,vm-left,Ring back,Kai Berg
acti_9,Email,lead_9,Nobody,2026-01-09T09:00:00+00:00,incoming,,Hello,Kai Berg
"""


def test_close_leads_opportunities_and_activities(quick, bring, export, rows, unchanged):
    folder = export(
        leads=CLOSE_LEADS, opportunities=CLOSE_OPPORTUNITIES, changes=CLOSE_CHANGES, activities=CLOSE_ACTIVITIES
    )
    told = bring(folder, "Close")
    assert [deal[:3] for deal in rows(DEALS)] == [
        ("Nettle Tea", "Nettle Tea", None),
        ("Orchard Tools", "Orchard Tools", None),
        ("Orchard Tools", "Orchard Tools", None),
    ]
    assert rows(CONTACTS) == [
        ("Nettle Tea", "Una Birk", "una@nettle.example"),
        ("Orchard Tools", "Val Dorn", "val@orchard.example"),
    ]
    assert stages(quick)["Demo"] == ("open", 1, 1)
    assert [kind for kind, _, _ in stages(quick).values()].count("open") == len(stages(quick)) - 2
    assert rows("SELECT count(*) FROM visit WHERE NOT ended AND kind = 'won'") == [(1,)]
    assert rows("SELECT entered_at FROM visit WHERE NOT ended AND kind = 'lost'") == [("2026-03-01",)]
    assert rows(TOUCHES) == [
        ("Nettle Tea", "Nettle Tea", "call", "out", "left-message", "Ring back", "2026-01-09T09:00:00Z")
    ]
    assert [(file, row) for file, row, _ in skipped(told)] == [("activities.csv", 3)]
    unchanged(folder, "Close")


def test_the_website_of_a_close_lead_is_kept(bring, export, rows):
    bring(export(leads=CLOSE_LEADS, opportunities=CLOSE_OPPORTUNITIES), "Close")
    assert rows("SELECT name, domain FROM account ORDER BY id") == [
        ("Nettle Tea", "nettle.example"),
        ("Orchard Tools", None),
    ]


# Bitrix24: semicolons, Russian headers, and often the code page of an old Windows.

BITRIX_DEALS = """\
"ID";"Название сделки";"Стадия сделки";"Сумма";"Валюта";"Компания";"Контакт";"Ответственный";\
"Предполагаемая дата закрытия"
"1";"Сайт кафе";"Новая";"120 000,50";"RUB";"Кафе Рябина";"Анна Речная";"Олег Лесной";"31.05.2026"
"2";"Вывеска";"Сделка успешна";"8000,00";"RUB";"Кафе Рябина";"Анна Речная";"Олег Лесной";"20.02.2026"
"3";"Меню";"Сделка провалена";"";"RUB";"Пекарня Ёлка";"";"Олег Лесной";"01.03.2026"
"4";"Без стадии";"";"";"RUB";"Пекарня Ёлка";"";"Олег Лесной";""
"""
BITRIX_COMPANIES = """\
"ID";"Название компании";"Тип компании";"Ответственный";"Сайт"
"11";"Кафе Рябина";"Клиент";"Олег Лесной";"https://ryabina.example"
"12";"Пекарня Ёлка";"Клиент";"Олег Лесной";""
"""
BITRIX_CONTACTS = """\
"ID";"Имя";"Фамилия";"Компания";"Ответственный";"Рабочий e-mail";"Рабочий телефон"
"21";"Анна";"Речная";"Кафе Рябина";"Олег Лесной";"anna@ryabina.example";"+7 495 1"
"22";"Пётр";"Никто";"";"Олег Лесной";"";""
"""
BITRIX = {"deals": BITRIX_DEALS, "companies": BITRIX_COMPANIES, "contacts": BITRIX_CONTACTS}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1251"])
def test_bitrix24_lists_with_russian_headers(quick, bring, export, rows, unchanged, encoding):
    folder = export(encoding, **BITRIX)
    told = bring(folder, "Bitrix24")
    assert rows(DEALS) == [
        ("Кафе Рябина", "Сайт кафе", 12_000_050, "2026-05-31"),
        ("Кафе Рябина", "Вывеска", 800_000, "2026-02-20"),
        ("Пекарня Ёлка", "Меню", None, "2026-03-01"),
    ]
    assert rows("SELECT name, domain FROM account ORDER BY id") == [
        ("Кафе Рябина", "ryabina.example"),
        ("Пекарня Ёлка", None),
    ]
    assert rows(CONTACTS) == [("Кафе Рябина", "Анна Речная", "anna@ryabina.example")]
    assert stages(quick) == {
        "Новая": ("open", 1, 1),
        "Сделка успешна": ("won", 1, 1),
        "Сделка провалена": ("lost", 1, 1),
    }
    assert rows("SELECT DISTINCT owner FROM visit") == [("Олег Лесной",)]
    assert skipped(told) == [
        ("contacts.csv", 3, "has no account"),
        ("deals.csv", 5, "has no Стадия сделки"),
    ]
    unchanged(folder, "Bitrix24")


BITRIX_ELSEWHERE = {
    "German": (
        "ID;Auftragsname;Phase;Gewinn;Unternehmen;Verantwortlich;Voraussichtliches Abschlussdatum\n"
        "1;Kasse;Angebot;1.200,50;Café Eberesche;Olaf Forst;31.05.2026\n"
        "2;Schild;Deal won;80,00;;Olaf Forst;20.02.2026\n"
    ),
    "English": (
        "ID;Deal Name;Stage;Income;Company;Responsible;Assumed close date\n"
        '1;Kasse;Angebot;"1,200.50";Café Eberesche;Olaf Forst;05/31/2026\n'
        "2;Schild;Deal won;80.00;;Olaf Forst;02/20/2026\n"
    ),
}


@pytest.mark.parametrize("language", BITRIX_ELSEWHERE)
def test_bitrix24_lists_with_other_headers(quick, bring, export, rows, unchanged, language):
    path = export(deals=BITRIX_ELSEWHERE[language]) / "deals.csv"
    assert skipped(bring(path, "Bitrix24")) == []
    assert rows(DEALS) == [
        ("Café Eberesche", "Kasse", 120_050, "2026-05-31"),
        ("Schild", "Schild", 8_000, "2026-02-20"),
    ]
    assert stages(quick) == {"Angebot": ("open", 1, 1), "Deal won": ("won", 1, 1)}
    unchanged(path, "Bitrix24")


BITRIX_TABLES = {
    "b_deal": "id,title,stage_id,opportunity,currency_id,company_id,contact_id,assigned_by_id,closedate\n"
    "1,Café site,EXECUTING,1200.50,EUR,11,21,7,2026-05-31T03:00:00+03:00\n"
    "2,Sign,C3:WON,80,EUR,11,,7,2026-02-20T03:00:00+03:00\n",
    "b_company": "company_id,name,industry\n11,Rowan Café,FOOD\n",
    "b_contact": "contact_id,company_id,name,email,phone\n21,11,Anna River,anna@rowan.example,\n",
    "b_user": "user_id,name,department\n7,Olaf Forest,Sales\n",
    "history": "id,type_id,owner_id,created_time,stage_semantic_id,stage_id\n"
    "1,1,1,2026-01-05T09:00:00+03:00,P,NEW\n2,2,1,2026-02-03T09:00:00+03:00,P,EXECUTING\n"
    "3,1,2,2026-01-07T09:00:00+03:00,P,C3:NEW\n4,3,2,2026-02-20T09:00:00+03:00,S,C3:WON\n",
    "activity": "id,owner_id,owner_type_id,type_id,subject,start_time,direction,completed\n"
    "51,1,2,2,Asked about the menu,2026-01-06T10:00:00+03:00,2,Y\n52,1,1,2,A lead's,2026-01-06T10:00:00+03:00,2,Y\n",
}


def test_bitrix24_tables_with_their_history_of_stages(quick, bring, export, rows, unchanged):
    folder = export(**BITRIX_TABLES)
    told = bring(folder, "Bitrix24")
    assert skipped(told) == []
    assert rows(DEALS) == [
        ("Rowan Café", "Café site", 120_050, "2026-05-31"),
        ("Rowan Café", "Sign", 8_000, "2026-02-20"),
    ]
    assert rows(WAYS) == [
        ("Café site", "new", "2026-01-05T06:00:00Z"),
        ("Café site", "executing", "2026-02-03T06:00:00Z"),
        ("Sign", "c3-new", "2026-01-07T06:00:00Z"),
        ("Sign", "c3-won", "2026-02-20T06:00:00Z"),
    ]
    assert stages(quick)["C3:WON"] == ("won", 1, 1)
    assert rows("SELECT DISTINCT owner FROM visit") == [("Olaf Forest",)]
    assert rows(TOUCHES) == [
        ("Rowan Café", "Café site", "call", "out", "", "Asked about the menu", "2026-01-06T07:00:00Z")
    ]
    unchanged(folder, "Bitrix24")
